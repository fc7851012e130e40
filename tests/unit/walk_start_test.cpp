// SPDX-License-Identifier: MIT
//
// Where a walk may start, and when it is refused (hazards T13, T14).
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

class WalkStart : public Scene {
 protected:
  WalkStart() { task.junk(2).record("a", "b", ret(1)).record("b", "final", ret(2)).final_record(); }
  std::vector<Frame> frames() const { return {from_start(ret(0)), from_record(ret(1)), from_record(ret(2))}; }

  TaskActivity activity;
};

TEST_F(WalkStart, T13_TrustsTheEmptyTraceOfATaskWithoutAStack) {
  Walked expected = reliable({}, 0);
  expected.verdict.stop = StopReason::no_stack;
  expect(expected, walk(Start::no_stack()));
}

TEST_F(WalkStart, T13_EndsAtOnceWhenTheFirstRecordIsTheFinalOne) {
  expect(reliable({from_start(ret(0))}, address("final")), walk_from(ret(0), "final"));
}

TEST_F(WalkStart, WalksABlockedTask) {
  const Registers saved = registers(ret(0), "a");
  expect(reliable(frames(), address("final")), walk(Start::blocked_task(saved, activity)));
}

TEST_F(WalkStart, WalksATaskThatRanBefore) {
  activity.enter_cpu();
  activity.leave_cpu();
  const Registers saved = registers(ret(0), "a");
  expect(reliable(frames(), address("final")), walk(Start::blocked_task(saved, activity)));
}

TEST_F(WalkStart, T14_RefusesATaskThatIsRunning) {
  activity.enter_cpu();
  const Registers saved = registers(ret(0), "a");
  expect(unreliable({}, {.stop = StopReason::task_running}), walk(Start::blocked_task(saved, activity)));
  EXPECT_TRUE(log.addresses.empty()) << "its stack was read all the same";
}

TEST_F(WalkStart, T14_StaysARefusalWhenTheTaskBlocksMeanwhile) {
  activity.enter_cpu();
  const Registers saved = registers(ret(0), "a");
  RecordingReader reader(memory, {}, log);
  const ForeignMemory foreign = memory_of(reader);
  const World world(context, &foreign);
  Cursor cursor(Start::blocked_task(saved, activity), world.kernel(), world.task());
  activity.leave_cpu();
  EXPECT_STREQ(to_string(cursor.verdict().stop), "task_running");
}

TEST_F(WalkStart, T14_DoesNotTrustATaskThatBeganToRun) {
  log.on_read = [this](std::size_t before) {
    if (before == 2) activity.enter_cpu();
  };
  const Registers saved = registers(ret(0), "a");
  expect(unreliable(frames(), {.stop = StopReason::task_moved}), walk(Start::blocked_task(saved, activity)));
}

TEST_F(WalkStart, T14_DoesNotTrustATaskThatRanAndBlockedAgain) {
  log.on_read = [this](std::size_t before) {
    if (before != 6) return;  // the last word of the chain
    activity.enter_cpu();
    activity.leave_cpu();
  };
  const Registers saved = registers(ret(0), "a");
  expect(unreliable(frames(), {.stop = StopReason::task_moved}), walk(Start::blocked_task(saved, activity)));
}

TEST_F(WalkStart, T14_SaysThatTheTaskMovedEvenIfTheChainBroke) {
  log.refused = {address("b")};
  log.on_read = [this](std::size_t before) {
    if (before == 0) activity.enter_cpu();
  };
  const Registers saved = registers(ret(0), "a");
  expect(unreliable({from_start(ret(0)), from_record(ret(1))}, {.stop = StopReason::task_moved}),
         walk(Start::blocked_task(saved, activity)));
}

// The walk that a kernel calls, without a reader: real memory.
TEST_F(WalkStart, WalksTheMemoryOfTheRunningProgram) {
  alignas(16) std::uint64_t words[8] = {brand(0), brand(1), 0, ret(1), 0, 0, SUREFOOT_METADATA_FINAL, brand(2)};
  const auto base = reinterpret_cast<std::uintptr_t>(words);
  words[2] = base + 32;
  const Stack stacks[] = {{.range = AddressRange(base, base + sizeof words)}};
  context.stacks = stacks;
  context.text = text_ranges;
  context.final_record_at = base + 32;
  Frame buffer[4];
  const Trace trace =
      surefoot::testing::walk(Start::at_call({.fp = base + 16, .sp = base, .pc = ret(0)}), context, buffer);
  expect(reliable({from_start(ret(0)), from_record(ret(1))}, base + 32),
         {.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict});
}

TEST_F(WalkStart, IsTruncatedForACursorThatStopsEarly) {
  const std::vector<Stack> stacks = memory.stacks();
  context.stacks = stacks;
  context.text = text_ranges;
  RecordingReader reader(memory, stacks, log);
  const ForeignMemory foreign = memory_of(reader);
  const World world(context, &foreign);
  Cursor cursor(Start::at_call(registers(ret(0), "a")), world.kernel(), world.task());
  Frame frame;
  ASSERT_TRUE(cursor.next(frame));
  const Verdict verdict = cursor.verdict();
  EXPECT_STREQ(to_string(verdict.stop), "truncated");
  EXPECT_EQ(verdict.stop_at, address("b"));
  EXPECT_FALSE(verdict.is_reliable());
}

TEST_F(WalkStart, StaysAtItsEndWhenACursorIsAskedFurther) {
  const std::vector<Stack> stacks = memory.stacks();
  context.stacks = stacks;
  context.text = text_ranges;
  context.final_record_at = address("final");
  RecordingReader reader(memory, stacks, log);
  const ForeignMemory foreign = memory_of(reader);
  const World world(context, &foreign);
  Cursor cursor(Start::at_call(registers(ret(0), "a")), world.kernel(), world.task());
  Frame frame;
  while (cursor.next(frame)) {
  }
  const std::size_t reads = log.addresses.size();
  EXPECT_FALSE(cursor.next(frame));
  EXPECT_TRUE(cursor.verdict().is_reliable());
  EXPECT_EQ(log.addresses.size(), reads);
}

}  // namespace
}  // namespace surefoot::testing
