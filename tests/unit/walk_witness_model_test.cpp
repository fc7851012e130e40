// SPDX-License-Identifier: MIT
//
// Every word of a stack is changed, one at a time, to whatever might pass for it (hazards T19, C7): with its witnesses
// a trace is not called reliable unless it is still the truth.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <sstream>

#include "support/called_chain.hpp"
#include "support/rounds.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t chain_count = rounds(60U);

constexpr Witnesses::Chosen by_table{.frame_table_chain = true};
constexpr Witnesses::Chosen by_table_and_calls{.call_site = true, .call_target = true, .frame_table_chain = true};
constexpr Witnesses::Chosen by_table_and_shadow{.frame_table_chain = true, .shadow_call_stack = true};
constexpr Witnesses::Chosen all{
    .call_site = true, .call_target = true, .frame_table_chain = true, .shadow_call_stack = true};

// What a word is changed to: all that could be a saved fp or a return address of this program, and some more.
std::vector<std::uint64_t> candidates(const CalledChain& chain, std::uint64_t word) {
  std::vector<std::uint64_t> values{0, 1, word ^ 1, word ^ 8, word ^ 16, word + 16, word + 32, word - 16, word ^ 0x100};
  for (std::uint64_t at = chain.start.sp; at < chain.memory.stacks[0].end(); at += 8) values.push_back(at);
  for (unsigned function = 0; function < CalledChain::function_count; ++function) {
    for (unsigned call = 0; call < CalledChain::calls_each; ++call) {
      values.push_back(CalledChain::return_of(function, call));
    }
  }
  return values;
}

class WalkWitnessModel : public ::testing::Test {
 protected:
  struct Change {
    std::size_t word;
    std::uint64_t to;
    const CalledChain& chain;
    const Walked& walked;
  };

  // Calls `judge` with every change after which a trace is reliable and is not the truth.
  template <typename Judge>
  void change_every_word(bool has_varying, const Witnesses::Chosen& witnesses, Judge judge) {
    for (std::uint64_t seed = 1; seed <= chain_count; ++seed) {
      RandomSource random(seed);
      CalledChain chain(random, has_varying);
      chain.context.witnesses = witnesses;
      std::vector<std::uint64_t>& words = chain.memory.stacks[0].words;
      for (std::size_t i = (chain.start.sp - chain.memory.stacks[0].base) / 8; i < words.size(); ++i) {
        const std::uint64_t before = words[i];
        for (const std::uint64_t to : candidates(chain, before)) {
          words[i] = to;
          const Walked walked = chain.walk();
          ++changes;
          if (!walked.verdict.is_reliable() || chain.pcs(walked) == chain.truth) continue;
          ++wrong;
          judge(Change{.word = i, .to = to, .chain = chain, .walked = walked});
          if (HasFatalFailure()) return;
        }
        words[i] = before;
      }
    }
  }
  static bool is_return_slot(const Change& change) {
    return std::ranges::find(change.chain.return_slots, change.word) != change.chain.return_slots.end();
  }
  static std::string describe(const Change& change) {
    std::ostringstream out;
    out << "word " << change.word << " changed to 0x" << std::hex << change.to << '\n'
        << text(change.walked) << "truth:";
    for (const std::uint64_t pc : change.chain.truth) out << " 0x" << pc;
    return out.str();
  }
  static void fail(const Change& change) { FAIL() << describe(change); }

  std::size_t changes = 0;
  std::size_t wrong = 0;
};

// No witness cries where nothing is wrong, and none changes a frame.
TEST_F(WalkWitnessModel, AgreesWithWhatIsTrue) {
  for (const bool has_varying : {false, true}) {
    for (std::uint64_t seed = 1; seed <= 20 * chain_count; ++seed) {
      RandomSource random(seed);
      CalledChain chain(random, has_varying);
      const Walked without = chain.walk();
      ASSERT_TRUE(without.verdict.is_reliable()) << text(without);
      ASSERT_EQ(chain.pcs(without), chain.truth);
      for (const Witnesses::Chosen& chosen : {by_table, by_table_and_calls, by_table_and_shadow, all}) {
        chain.context.witnesses = chosen;
        ASSERT_EQ(text(chain.walk()), text(without)) << "seed " << seed;
      }
    }
  }
}

// Why there are witnesses: T19, and a return address that is another's.
TEST_F(WalkWitnessModel, T19_WrongTracesPassWithoutWitnesses) {
  std::size_t return_slots = 0;
  change_every_word(false, {}, [&](const Change& change) { return_slots += is_return_slot(change) ? 1U : 0U; });
  EXPECT_GT(return_slots, 17 * chain_count);
  EXPECT_GT(wrong - return_slots, 17 * chain_count);
}

TEST_F(WalkWitnessModel, T19_TheFrameTablesChainTellsEverySavedFp) {
  change_every_word(false, by_table, [](const Change& change) {
    if (!is_return_slot(change)) fail(change);
  });
}

// What remains, and can be told by nothing but a shadow call stack: another call of the same function, or one by a
// register, that was made by a function with the same frame.
TEST_F(WalkWitnessModel, C7_CallsAndTableTellAllButReturnAddressesOfTheSameKind) {
  change_every_word(false, by_table_and_calls, [](const Change& change) {
    if (!is_return_slot(change)) return fail(change);
    const std::vector<std::uint64_t> pcs = CalledChain::pcs(change.walked);
    if (pcs.size() != change.chain.truth.size()) return fail(change);
    const auto at = std::ranges::mismatch(pcs, change.chain.truth);
    const auto function_of = [](std::uint64_t pc) {
      return static_cast<unsigned>((pc - code::text_start) / code::function_size);
    };
    const unsigned function = function_of(*at.in1);
    const auto call = static_cast<unsigned>((*at.in1 - CalledChain::return_of(function, 0)) / 8);
    const unsigned callee = function_of(*(at.in1 - 1));
    const bool leads_there = CalledChain::target_of(function, call).value_or(callee) == callee;
    // Where its frame ends is not told if its caller is the outermost function, whose record is the final one anyway.
    const CalledFrame frame = CalledChain::frame_of(function, false);
    const CalledFrame true_frame = CalledChain::frame_of(function_of(*at.in2), false);
    const bool is_below_outermost = pcs.end() - at.in1 == 2;
    const bool is_same_frame =
        frame.record == true_frame.record && (frame.size == true_frame.size || is_below_outermost);
    if (!leads_there || !is_same_frame) fail(change);
  });
  std::cout << wrong << " of " << changes << " changes to return addresses are not told\n";
}

TEST_F(WalkWitnessModel, T19_C7_TableAndShadowCallStackTellEveryWord) {
  change_every_word(false, by_table_and_shadow, fail);
  EXPECT_EQ(wrong, 0U);
  EXPECT_GT(changes, 1'700 * chain_count);
}

// A frame of varying size has its record where x29 says; the return addresses tell.
TEST_F(WalkWitnessModel, T19_C7_TheSameWithVaryingFrames) {
  change_every_word(true, by_table_and_shadow, fail);
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace surefoot::testing
