// SPDX-License-Identifier: MIT
//
// L1 to L4: what comes of a task, by its trace.
#include <gtest/gtest.h>

#include "livepatch/scene.hpp"

namespace surefoot::livepatch {
namespace {

using testing::call_in;
using testing::code_of;
using testing::cold_code_of;
using testing::helper;
using testing::in_special;
using testing::inner;
using testing::interrupted_at;
using testing::outer;
using testing::OwnPatch;
using testing::OwnTrace;
using testing::returns_to;
using testing::World;

class LivepatchSwitch : public ::testing::Test {
 protected:
  LivepatchSwitch() { world.begin(own.patch()); }

  Outcome outcome_of(const Trace& trace) { return world.patches.switch_task(world.tasks[0], trace).outcome; }
  // All tasks are at level 1, and the patch is taken back.
  void begin_removal() {
    world.complete(OwnTrace{}.reliable());
    ASSERT_TRUE(world.patches.begin_removal(own.patch()));
  }

  World world;
  OwnPatch own{1, {outer, inner}};
};

TEST_F(LivepatchSwitch, OfATaskThatIsElsewhere) {
  EXPECT_TRUE(world.patches.is_pending(world.tasks[0]));
  EXPECT_EQ(outcome_of(OwnTrace{call_in(helper), call_in(helper)}.reliable()), Outcome::switched);
  EXPECT_EQ(world.tasks[0].level(), 1U);
  EXPECT_FALSE(world.patches.is_pending(world.tasks[0]));
  EXPECT_EQ(outcome_of(OwnTrace{call_in(outer)}.unreliable()), Outcome::up_to_date);
}

TEST_F(LivepatchSwitch, OfATaskInAnOldFunctionWaits) {
  const OwnTrace trace{call_in(helper), call_in(inner), call_in(helper), call_in(outer)};
  const Finding found = world.patches.switch_task(world.tasks[0], trace.reliable());
  EXPECT_EQ(found.outcome, Outcome::in_function);
  EXPECT_EQ(found.frame, 1U);
  EXPECT_EQ(found.replacement, 1U);
  EXPECT_EQ(found.pc, code_of(inner).start() + 0x40);
  EXPECT_EQ(world.tasks[0].level(), 0U);
}

// C3: a call that never returns is the last instruction of its function; and the first one of the next is no part of
// it.
TEST_F(LivepatchSwitch, LooksReturnAddressesUpAtTheirCalls) {
  EXPECT_EQ(outcome_of(OwnTrace{returns_to(code_of(outer).end())}.reliable()), Outcome::in_function);
  EXPECT_EQ(outcome_of(OwnTrace{interrupted_at(code_of(outer).end())}.reliable()), Outcome::switched);
}

TEST_F(LivepatchSwitch, SeesAReturnAddressAtTheStartAsTheFunctionBefore) {
  EXPECT_EQ(outcome_of(OwnTrace{returns_to(code_of(outer).start())}.reliable()), Outcome::switched);
}

TEST_F(LivepatchSwitch, KnowsPartsThatTheCompilerHasPutElsewhere) {
  EXPECT_EQ(outcome_of(OwnTrace{returns_to(cold_code_of(inner).end())}.reliable()), Outcome::in_function);
  EXPECT_EQ(outcome_of(OwnTrace{interrupted_at(cold_code_of(inner).start())}.reliable()), Outcome::in_function);
}

// L1: the tracer may have read the state already. In both directions.
TEST_F(LivepatchSwitch, L1_WaitsWhileATrampolineChoosesTheVersion) {
  const auto expect_entering = [&](std::uint32_t version) {
    for (const SpecialKind kind :
         {SpecialKind::ftrace_trampoline, SpecialKind::ftrace_call, SpecialKind::ftrace_graph_caller}) {
      // redirect() shows the target's first instruction as a call.
      for (const Frame& chosen : {returns_to(code_of(inner).start() + 12), returns_to(code_of(inner, 1).start() + 4),
                                  interrupted_at(code_of(inner, 1).start())}) {
        SCOPED_TRACE(to_string(kind));
        EXPECT_EQ(outcome_of(OwnTrace{in_special(kind), chosen, call_in(helper)}.reliable()), Outcome::entering);
        EXPECT_EQ(world.tasks[0].level(), version);
      }
    }
  };
  expect_entering(0);
  begin_removal();
  expect_entering(1);
}

TEST_F(LivepatchSwitch, OfATaskInATrampolineOfAnotherFunction) {
  const OwnTrace trace{in_special(SpecialKind::ftrace_call), call_in(helper), call_in(helper)};
  EXPECT_EQ(outcome_of(trace.reliable()), Outcome::switched);
}

// A hooked function that has returned is on the stack no more.
TEST_F(LivepatchSwitch, OfATaskThatAReturnTrampolineLeadsElsewhere) {
  const OwnTrace trace{in_special(SpecialKind::return_to_handler), call_in(helper)};
  EXPECT_EQ(outcome_of(trace.reliable()), Outcome::switched);
}

// L2: a tail call leaves no frame. The arguments are those of the version that made it. In both directions.
TEST_F(LivepatchSwitch, L2_WaitsAtTheEntry) {
  const std::uint64_t entry = code_of(inner).start();
  for (const std::uint64_t offset : {0U, 4U, 8U}) {
    EXPECT_EQ(outcome_of(OwnTrace{interrupted_at(entry + offset), call_in(helper)}.reliable()), Outcome::entering);
  }
  EXPECT_EQ(outcome_of(OwnTrace{interrupted_at(entry + 12)}.reliable()), Outcome::in_function);
  begin_removal();
  EXPECT_EQ(outcome_of(OwnTrace{interrupted_at(entry + 4), call_in(helper)}.reliable()), Outcome::entering);
  EXPECT_EQ(outcome_of(OwnTrace{interrupted_at(entry + 12)}.reliable()), Outcome::switched);
}

// L3: what is at the other end of a veneer is in no register that a rule knows.
TEST_F(LivepatchSwitch, L3_WaitsInAVeneer) {
  const OwnTrace inside{in_special(SpecialKind::veneer, CodeAddress::Kind::exact), call_in(helper)};
  EXPECT_EQ(outcome_of(inside.reliable()), Outcome::entering);
  const OwnTrace above{call_in(helper), in_special(SpecialKind::veneer), call_in(helper)};
  EXPECT_EQ(outcome_of(above.reliable()), Outcome::switched);
}

TEST_F(LivepatchSwitch, BelievesNoUnreliableTrace) {
  const OwnTrace trace{call_in(helper), call_in(helper)};
  const Finding found =
      world.patches.switch_task(world.tasks[0], trace.unreliable(StopReason::off_stack, EvidenceBit::not_text, 1));
  EXPECT_EQ(found.outcome, Outcome::unreliable);
  EXPECT_EQ(found.stop, StopReason::off_stack);
  EXPECT_EQ(found.evidence, Evidence(EvidenceBit::not_text));
  EXPECT_EQ(found.frame, 1U);
  EXPECT_EQ(found.pc, code_of(helper).start() + 0x40);
  EXPECT_EQ(world.patches.switch_task(world.tasks[0], trace.unreliable(StopReason::truncated, {}, 2)).pc, 0U);
  EXPECT_EQ(world.tasks[0].level(), 0U);
}

TEST_F(LivepatchSwitch, OfARunningTaskWaits) {
  EXPECT_EQ(outcome_of(OwnTrace{}.unreliable(StopReason::task_running)), Outcome::running);
  EXPECT_EQ(outcome_of(OwnTrace{}.unreliable(StopReason::task_moved)), Outcome::running);
  TaskActivity activity;
  activity.enter_cpu();
  const OwnTrace trace{call_in(helper)};
  EXPECT_EQ(world.patches.switch_task(world.tasks[0], trace.reliable(), activity).outcome, Outcome::running);
  activity.leave_cpu();
  EXPECT_EQ(world.patches.switch_task(world.tasks[0], trace.reliable(), activity).outcome, Outcome::switched);
}

// A task that has exited, or that is at EL0, has no frames (T13, X3).
TEST_F(LivepatchSwitch, OfATaskWithoutFrames) { EXPECT_EQ(outcome_of(OwnTrace{}.reliable()), Outcome::switched); }

// Graph tracing changes nothing: the walk gives the restored address (G1).
TEST_F(LivepatchSwitch, SeesAFunctionWhoseReturnIsHooked) {
  Frame hooked = call_in(outer);
  hooked.evidence = EvidenceBit::return_address_hooked;
  hooked.source = Source::return_stack;
  EXPECT_EQ(outcome_of(OwnTrace{call_in(helper), hooked}.reliable()), Outcome::in_function);
}

// L4: a state that a transition has left behind says nothing of what the task calls.
TEST_F(LivepatchSwitch, L4_OfATaskThatNeverCrossedABoundary) {
  world.complete(OwnTrace{}.reliable());
  TaskState state;
  const OwnTrace trace{call_in(helper)};
  EXPECT_EQ(world.patches.switch_task(state, trace.reliable()).outcome, Outcome::stale);
  ASSERT_TRUE(world.patches.begin_removal(own.patch()));
  EXPECT_EQ(world.patches.switch_task(state, trace.reliable()).outcome, Outcome::stale);
  EXPECT_EQ(world.patches.switch_task(state, OwnTrace{}.reliable()).outcome, Outcome::switched);
  TaskState other;
  world.patches.cross_boundary(other);
  EXPECT_FALSE(world.patches.is_pending(other));
}

}  // namespace
}  // namespace surefoot::livepatch
