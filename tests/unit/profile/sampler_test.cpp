// SPDX-License-Identifier: MIT
//
// Samples of made-up stacks, and what becomes of them.
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "profile/decoder.hpp"
#include "support/scene.hpp"
#include "surefoot/profile.hpp"

namespace surefoot::testing {
namespace {

using namespace surefoot::profile;
using code::pc;
using code::ret;

class ProfileSampler : public Scene {
 protected:
  ProfileSampler() { context.policy = Policy::exact; }

  void prepare(std::size_t frame_count = 8, std::size_t ring_size = 1024) {
    frames.resize(frame_count);
    ring.resize(ring_size);
    const auto prepared = sampler.prepare({.cpu = 3, .base = base, .ring = ring, .frames = frames});
    ASSERT_TRUE(prepared) << to_string(prepared.error().code);
  }
  /// A task with three frames: ret(0), ret(1), ret(2).
  void draw() { task.record("a", "b", ret(1)).record("b", "final", ret(2)).final_record(); }
  [[nodiscard]] Start here() const { return Start::at_call(registers(ret(0), "a")); }

  Outcome sample(const Start& start, const Moment& moment = {.time = 1000, .task = 7}) {
    stacks = memory.stacks();
    context.text = text_ranges;
    context.stacks = stacks;
    if (context.final_record_at == 0) context.final_record_at = address("final");
    reader = std::make_unique<RecordingReader>(memory, context.stacks, log);
    foreign = memory_of(*reader);
    const World world(context, &foreign);
    return sampler.sample(moment, start, world.kernel(), world.task(), context.policy);
  }
  [[nodiscard]] DecodedSample take() {
    std::array<std::byte, 4096> room;
    return decode_sample(sampler.take(room));
  }
  [[nodiscard]] bool is_empty() {
    std::array<std::byte, 4096> room;
    return sampler.take(room).empty();
  }

  static constexpr std::uint64_t base = code::text_start;
  std::vector<Frame> frames;
  std::vector<std::byte> ring;
  std::vector<Stack> stacks;
  std::unique_ptr<RecordingReader> reader;
  ForeignMemory foreign;
  Sampler sampler;
};

TEST_F(ProfileSampler, RecordsATraceByItsCalls) {
  prepare();
  draw();
  EXPECT_EQ(sample(here()), Outcome::recorded);
  const DecodedSample found = take();
  EXPECT_EQ(found.flags, flag_reliable | flag_exact);
  EXPECT_EQ(found.stop, static_cast<std::uint64_t>(StopReason::final_record));
  EXPECT_EQ(found.cpu, 3U);
  EXPECT_EQ(found.time, 1000U);
  EXPECT_EQ(found.task, 7U);
  EXPECT_EQ(found.first_doubtful, 3U);
  ASSERT_EQ(found.steps.size(), 3U);
  std::uint64_t at = base;
  for (std::size_t i = 0; i != 3; ++i) {
    at = follow_step(at, found.steps[i]);
    EXPECT_EQ(at, ret(static_cast<unsigned>(i)) - 4) << "the call before a return address";
  }
  EXPECT_TRUE(is_empty());
}

TEST_F(ProfileSampler, RecordsAnInterruptedPcAsItIsAndThatItIsInDoubt) {
  prepare();
  draw();
  ExceptionFrame frame = branded_exception_frame();
  frame.pc = pc(5);
  frame.fp = address("a");
  frame.sp = task.base();
  context.policy = Policy::strict;
  EXPECT_EQ(sample(Start::exception(frame)), Outcome::recorded);
  const DecodedSample found = take();
  EXPECT_EQ(found.flags, 0U);
  EXPECT_EQ(found.first_doubtful, 0U);
  EXPECT_NE(found.evidence & static_cast<std::uint32_t>(EvidenceBit::crossed_exception), 0U);
  ASSERT_EQ(found.steps.size(), 3U);
  EXPECT_EQ(follow_step(base, found.steps[0]), pc(5));
}

TEST_F(ProfileSampler, SaysThatASampleCameFromEl0) {
  prepare();
  draw();
  ExceptionFrame frame = branded_exception_frame();
  frame.pstate = 0;
  frame.record.type = MetadataType::final_record;
  // The frame is in the memory of the test, and so is the stack that it stands for.
  StackImage& stack = memory.add_stack(reinterpret_cast<std::uintptr_t>(&frame), StackKind::task);
  const auto* const words = reinterpret_cast<const std::uint64_t*>(&frame);
  for (std::size_t i = 0; i < sizeof frame / 8; ++i) stack.word(words[i]);
  context.final_record_at = reinterpret_cast<std::uintptr_t>(&frame.record);
  EXPECT_EQ(sample(Start::exception(frame)), Outcome::recorded);
  const DecodedSample found = take();
  EXPECT_EQ(found.flags & flag_outside, flag_outside);
  EXPECT_TRUE(found.steps.empty());
  EXPECT_EQ(sampler.counters().outside, 1U);
}

TEST_F(ProfileSampler, AnEmptyTraceThatIsNoneFromEl0IsNotCalledSo) {
  prepare();
  draw();
  EXPECT_EQ(sample(Start::no_stack()), Outcome::recorded);
  EXPECT_EQ(take().flags & flag_outside, 0);
  EXPECT_EQ(sampler.counters().outside, 0U);
}

TEST_F(ProfileSampler, CutsATraceThatIsTooDeepAndCountsIt) {
  prepare(2);
  draw();
  EXPECT_EQ(sample(here()), Outcome::recorded);
  const DecodedSample found = take();
  EXPECT_EQ(found.steps.size(), 2U);
  EXPECT_EQ(found.stop, static_cast<std::uint64_t>(StopReason::truncated));
  EXPECT_EQ(found.flags & flag_reliable, 0);
  EXPECT_EQ(sampler.counters().stops[static_cast<std::size_t>(StopReason::truncated)], 1U);
}

TEST_F(ProfileSampler, DropsASampleThatHasNoRoomAndRecordsTheNext) {
  prepare(1, 128);
  draw();
  unsigned recorded = 0;
  while (sample(here()) == Outcome::recorded) ++recorded;
  EXPECT_GT(recorded, 2U);
  EXPECT_EQ(sampler.counters().full, 1U);
  EXPECT_EQ(sampler.counters().recorded, recorded);
  (void)take();
  EXPECT_EQ(sample(here()), Outcome::recorded);
  for (unsigned i = 0; i != recorded; ++i) EXPECT_EQ(take().steps.size(), 1U);
  EXPECT_TRUE(is_empty());
}

// As an NMI does that arrives in the middle of a sample: it is tried at every read of the walk.
TEST_F(ProfileSampler, RefusesASampleInASampleAndLeavesTheFirstAsItWas) {
  prepare();
  draw();
  unsigned nested = 0;
  log.on_read = [&](std::size_t) {
    const World world(context);
    EXPECT_EQ(sampler.sample({.time = 1, .task = 1}, Start::no_stack(), world.kernel(), world.task()), Outcome::nested);
    ++nested;
  };
  EXPECT_EQ(sample(here()), Outcome::recorded);
  log.on_read = {};
  EXPECT_GT(nested, 2U);
  EXPECT_EQ(sampler.counters().nested, nested);
  EXPECT_EQ(sampler.counters().recorded, 1U);
  const DecodedSample found = take();
  EXPECT_EQ(found.task, 7U);
  EXPECT_EQ(found.steps.size(), 3U);
  EXPECT_TRUE(is_empty());
  EXPECT_EQ(sample(here()), Outcome::recorded) << "the sampler is free again";
}

TEST_F(ProfileSampler, CountsBySumsThatAgree) {
  prepare(2, 4096);
  draw();
  for (int i = 0; i != 3; ++i) EXPECT_EQ(sample(here()), Outcome::recorded);
  EXPECT_EQ(sample(Start::no_stack()), Outcome::recorded);
  const Counters counters = sampler.counters();
  std::uint64_t sum = 0;
  for (const std::uint64_t stop : counters.stops) sum += stop;
  EXPECT_EQ(sum, counters.recorded);
  EXPECT_EQ(counters.reliable, 1U);
  EXPECT_EQ(counters.stops[static_cast<std::size_t>(StopReason::truncated)], 3U);
}

TEST_F(ProfileSampler, DrainsInPiecesOfWholeRecords) {
  prepare(8, 4096);
  draw();
  for (int i = 0; i != 20; ++i) EXPECT_EQ(sample(here()), Outcome::recorded);
  const std::uint64_t pending = sampler.pending();
  std::vector<std::byte> room(64);
  std::vector<std::byte> stream;
  std::size_t pieces = 0;
  EXPECT_EQ(sampler.drain(room,
                          [&](std::span<const std::byte> bytes) noexcept {
                            ++pieces;
                            stream.insert(stream.end(), bytes.begin(), bytes.end());
                          }),
            pending);
  EXPECT_EQ(stream.size(), pending);
  EXPECT_GT(pieces, 5U);
  EXPECT_LT(pieces, 20U);
  std::span<const std::byte> rest = stream;
  for (int i = 0; i != 20; ++i) {
    const std::size_t size = 2 + std::to_integer<std::size_t>(rest[0]);
    EXPECT_EQ(decode_sample(rest.first(size)).steps.size(), 3U);
    rest = rest.subspan(size);
  }
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(sampler.pending(), 0U);
}

TEST_F(ProfileSampler, DrainsNothingIntoARoomThatIsTooSmall) {
  prepare();
  draw();
  EXPECT_EQ(sample(here()), Outcome::recorded);
  std::array<std::byte, 4> room;
  EXPECT_EQ(sampler.drain(room, [](std::span<const std::byte>) noexcept { FAIL(); }), 0U);
  EXPECT_EQ(take().steps.size(), 3U);
}

TEST_F(ProfileSampler, DropsEverySampleUntilItIsPrepared) {
  draw();
  EXPECT_EQ(sample(here()), Outcome::full);
  EXPECT_EQ(sampler.counters().full, 1U);
  EXPECT_TRUE(log.addresses.empty()) << "nothing was walked";
  EXPECT_TRUE(is_empty());
}

TEST_F(ProfileSampler, RefusesASetupThatCannotWork) {
  std::vector<Frame> most(max_sample_frames + 1);
  std::vector<std::byte> bytes(4096);
  const auto fault = [&](std::size_t frame_count, std::size_t size) {
    const auto prepared =
        sampler.prepare({.ring = std::span(bytes).first(size), .frames = std::span(most).first(frame_count)});
    EXPECT_FALSE(prepared);
    return prepared ? SetupFault{} : prepared.error().code;
  };
  EXPECT_EQ(fault(0, 4096), SetupFault::frame_count);
  EXPECT_EQ(fault(most.size(), 4096), SetupFault::frame_count);
  EXPECT_EQ(fault(8, 4095), SetupFault::ring_size);
  EXPECT_EQ(fault(8, 0), SetupFault::ring_size);
  EXPECT_EQ(fault(8, 128), SetupFault::ring_too_small);
  EXPECT_TRUE(sampler.prepare({.ring = std::span(bytes).first(256), .frames = std::span(most).first(8)}));
}

}  // namespace
}  // namespace surefoot::testing
