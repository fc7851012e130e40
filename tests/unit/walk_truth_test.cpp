// SPDX-License-Identifier: MIT
//
// The promise itself, on random chains of which the truth is known: a reliable trace holds every function that the
// task returns to, in order, whatever was damaged; and one to which nothing was done is reliable.
#include <gtest/gtest.h>

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "support/rounds.hpp"
#include "support/trace_text.hpp"
#include "support/true_chain.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t first_seed = 1;
constexpr std::uint64_t chain_count = rounds(30'000U);

struct Judged {
  Walked walked;
  bool is_truth = false;
};

Judged judge(const TrueChain& chain) {
  std::vector<Frame> buffer(chain.buffer_size);
  ReadCount count;
  const Trace trace = walk(Start::at_call(chain.start), chain.context, buffer, CountingReader(chain.memory, count));
  EXPECT_EQ(count.wild, 0U);
  EXPECT_LE(count.all, 2 * chain.memory.word_count());
  Judged judged{.walked = {.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict}};
  std::vector<std::uint64_t> pcs;
  for (const Frame& frame : trace.frames) pcs.push_back(frame.pc);
  judged.is_truth = pcs == chain.truth;
  return judged;
}

// For a failure: the trace and the truth.
std::string describe(const Judged& judged, const TrueChain& chain) {
  std::ostringstream out;
  out << text(judged.walked) << "truth:" << std::hex;
  for (const std::uint64_t pc : chain.truth) out << " 0x" << pc;
  return out.str();
}

TEST(WalkTruth, FindsTheWholeChainWhenNothingIsWrong) {
  std::size_t crossed_count = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + chain_count; ++seed) {
    RandomSource random(seed);
    const TrueChain chain(random);
    const Judged judged = judge(chain);
    ASSERT_TRUE(judged.is_truth) << "seed " << seed << '\n' << describe(judged, chain);
    ASSERT_EQ(judged.walked.verdict.is_reliable(), chain.is_known()) << "seed " << seed << '\n'
                                                                     << describe(judged, chain);
    crossed_count += chain.is_known() && chain.crossed_exception ? 1U : 0U;
  }
  EXPECT_GT(crossed_count, chain_count / 20);
  std::cout << crossed_count << " reliable through an exception\n";
}

TEST(WalkTruth, IsNeverCalledReliableWhenItIsNotTheTruth) {
  std::size_t unreliable_count = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + chain_count; ++seed) {
    RandomSource random(seed);
    TrueChain chain(random);
    chain.damage();
    const Judged judged = judge(chain);
    const bool is_reliable = judged.walked.verdict.is_reliable();
    unreliable_count += is_reliable ? 0U : 1U;
    ASSERT_TRUE(!is_reliable || judged.is_truth) << "seed " << seed << '\n' << describe(judged, chain);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(unreliable_count, chain_count / 2) << "hardly any damage was done";
  std::cout << "seeds " << first_seed << " to " << first_seed + chain_count - 1 << ": " << unreliable_count
            << " unreliable\n";
}

// What was found before the damage is still there: the frames of an unreliable trace, up to the first doubtful one, are
// the truth.
TEST(WalkTruth, HoldsUpToTheFirstDoubtfulFrame) {
  for (std::uint64_t seed = first_seed; seed < first_seed + chain_count; ++seed) {
    RandomSource random(seed);
    TrueChain chain(random);
    chain.damage();
    const Judged judged = judge(chain);
    const std::size_t good = judged.walked.verdict.first_doubtful;
    ASSERT_LE(good, judged.walked.frames.size()) << "seed " << seed;
    for (std::size_t i = 0; i < good; ++i) {
      ASSERT_LT(i, chain.truth.size()) << "seed " << seed << '\n' << describe(judged, chain);
      ASSERT_EQ(judged.walked.frames[i].pc, chain.truth[i]) << "seed " << seed << ", frame " << i << '\n'
                                                            << describe(judged, chain);
    }
  }
}

}  // namespace
}  // namespace surefoot::testing
