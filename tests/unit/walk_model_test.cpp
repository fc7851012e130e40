// SPDX-License-Identifier: MIT
//
// The walk against a slow oracle, in random memory: the same frames, verdict and evidence; it ends; it reads nothing
// that it was not given, and not much of what it was.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <vector>

#include "support/chaos.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t first_seed = 1;
constexpr std::uint64_t world_count = 60'000;

class WalkModel : public ::testing::Test {
 protected:
  // One walk of one random world. False at the first failure, which is then on record.
  [[nodiscard]] bool agrees(std::uint64_t seed) {
    RandomSource random(seed);
    const Chaos chaos(random);
    const Registers& registers = chaos.start.registers;
    const ExceptionFrame frame = chaos.start.exception_frame();
    const Start start = chaos.start.is_exception ? Start::exception(frame) : Start::at_call(registers);
    const std::size_t buffer_size = random.is_chosen(90) ? 64 : random.below(5);

    std::vector<Frame> buffer(buffer_size);
    ReadCount count;
    const Trace trace = walk(start, chaos.context, buffer, CountingReader(chaos.memory, count));
    const Walked walked{.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict};
    const Walked expected = oracle_walk(chaos.start, chaos.context, chaos.frame_table, chaos.memory, buffer_size);
    ++stops[trace.verdict.stop];
    evidence |= trace.verdict.evidence;
    reliable_count += trace.verdict.is_reliable() ? 1U : 0U;
    if (trace.verdict.is_reliable() && trace.verdict.evidence.has(EvidenceBit::crossed_exception)) ++crossed_count;
    for (const Frame& found : trace.frames) ++sources[found.source];

    const std::string wanted = text(expected);
    const std::string got = text(walked);
    EXPECT_EQ(wanted, got) << "seed " << seed;
    EXPECT_EQ(count.wild, 0U) << "seed " << seed;
    // Two words for a record, one for a type, six for an exception frame, one for a saved pc: each word is paid for
    // once, but a saved pc may be read again as part of a record.
    EXPECT_LE(count.all, chaos.memory.word_count() * 3 / 2) << "seed " << seed;
    return !HasFailure();
  }

  std::map<StopReason, std::size_t> stops;
  Evidence evidence;
  std::map<Source, std::size_t> sources;
  std::size_t reliable_count = 0;
  std::size_t crossed_count = 0;  // of those, through an exception
};

TEST_F(WalkModel, AgreesWithOracle) {
  for (std::uint64_t seed = first_seed; seed < first_seed + world_count; ++seed) {
    if (!agrees(seed)) break;
  }
  // A model that meets nothing proves nothing: all that random memory can show must have been seen.
  for (const StopReason stop :
       {StopReason::final_record, StopReason::truncated, StopReason::misaligned_record, StopReason::off_stack,
        StopReason::not_above_previous, StopReason::stack_reentered, StopReason::half_zero_record,
        StopReason::unknown_metadata, StopReason::metadata_off_stack, StopReason::final_record_misplaced,
        StopReason::exception_frame_off_stack}) {
    EXPECT_GT(stops[stop], world_count / 1000) << to_string(stop);
  }
  // No witness is on.
  constexpr Evidence witnesses =
      EvidenceBit::call_site_disagrees | EvidenceBit::frame_table_disagrees | EvidenceBit::shadow_call_stack_disagrees;
  const Evidence all = Evidence::from_bits((1U << evidence_bit_count) - 1);
  EXPECT_EQ(text(evidence | witnesses), text(all));
  for (unsigned source = 0; source <= static_cast<unsigned>(Source::frame_table); ++source) {
    EXPECT_GT(sources[static_cast<Source>(source)], world_count / 2000) << to_string(static_cast<Source>(source));
  }
  EXPECT_GT(reliable_count, world_count / 50);
  EXPECT_GT(crossed_count, world_count / 500);
  std::cout << "seeds " << first_seed << " to " << first_seed + world_count - 1 << ": " << reliable_count
            << " reliable, " << crossed_count << " of them through an exception\n";
}

}  // namespace
}  // namespace surefoot::testing
