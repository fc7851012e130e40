// SPDX-License-Identifier: MIT
//
// Transitions, rounds and the stack of patches.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "livepatch/scene.hpp"

namespace surefoot::livepatch {
namespace {

using testing::call_in;
using testing::code_of;
using testing::helper;
using testing::inner;
using testing::outer;
using testing::OwnPatch;
using testing::OwnTrace;
using testing::World;

TEST(LivepatchRound, SaysWhoHoldsItUpAndWhere) {
  World world;
  OwnPatch own(1, {outer, inner});
  world.begin(own.patch());
  std::array<std::uint32_t, 2> in_replacement{};
  Round round = world.patches.begin_round(in_replacement);
  EXPECT_FALSE(round.is_complete());
  const OwnTrace elsewhere{call_in(helper)};
  const OwnTrace in_inner{call_in(helper), call_in(inner)};
  const OwnTrace in_outer{call_in(outer)};
  round.add(world.patches.switch_task(world.tasks[0], elsewhere.reliable()), 100);
  round.add(world.patches.switch_task(world.tasks[1], in_inner.reliable()), 101);
  round.add(world.patches.switch_task(world.tasks[2], in_outer.reliable()), 102);
  round.add(world.patches.switch_task(world.tasks[3], in_inner.unreliable()), 103);
  EXPECT_EQ(round.tasks(), 4U);
  EXPECT_EQ(round.count(Outcome::switched), 1U);
  EXPECT_EQ(round.count(Outcome::in_function), 2U);
  EXPECT_EQ(round.count(Outcome::unreliable), 1U);
  EXPECT_EQ(round.holding(), 3U);
  EXPECT_EQ(round.first_holder(), 101U);
  EXPECT_EQ(round.first_finding().pc, code_of(inner).start() + 0x40);
  EXPECT_EQ(in_replacement, (std::array<std::uint32_t, 2>{1, 1}));
  ASSERT_FALSE(world.patches.finish(round));
  EXPECT_EQ(world.patches.finish(round).error().code, Refusal::tasks_are_left);
  EXPECT_EQ(world.patches.in_transition(), &own.patch());

  world.complete(elsewhere.reliable());
  EXPECT_EQ(world.patches.in_transition(), nullptr);
  for (const TaskState& task : world.tasks) EXPECT_EQ(task.level(), 1U);
}

TEST(LivepatchRound, OfNoTaskEndsNothing) {
  World world;
  OwnPatch own(1, {outer});
  world.begin(own.patch());
  EXPECT_EQ(world.patches.finish(world.patches.begin_round()).error().code, Refusal::tasks_are_left);
}

TEST(LivepatchRound, ThatBeganBeforeTheTransitionWasReversedEndsNothing) {
  World world;
  OwnPatch own(1, {outer});
  world.begin(own.patch());
  Round round = world.patches.begin_round();
  for (TaskState& task : world.tasks) round.add(world.patches.switch_task(task, OwnTrace{}.reliable()), 0);
  ASSERT_TRUE(world.patches.reverse());
  EXPECT_EQ(world.patches.finish(round).error().code, Refusal::round_is_outdated);
}

TEST(LivepatchTransition, IsReversedInTheMiddle) {
  World world;
  OwnPatch own(1, {outer, inner});
  world.begin(own.patch());
  const OwnTrace in_new{call_in(helper), call_in(outer, 1)};
  const OwnTrace in_old{call_in(helper), call_in(outer)};
  EXPECT_EQ(world.patches.switch_task(world.tasks[0], OwnTrace{}.reliable()).outcome, Outcome::switched);
  ASSERT_TRUE(world.patches.reverse());
  EXPECT_EQ(world.patches.target().level(), 0U);
  // Who was switched has to leave the new functions. Who was not need not be looked at, wherever it is.
  EXPECT_EQ(world.patches.switch_task(world.tasks[0], in_new.reliable()).outcome, Outcome::in_function);
  EXPECT_EQ(world.patches.switch_task(world.tasks[1], in_old.unreliable()).outcome, Outcome::up_to_date);
  EXPECT_FALSE(world.patches.needs_trace(world.tasks[2]));
  EXPECT_TRUE(world.patches.needs_trace(world.tasks[0]));
  // And forward once more.
  ASSERT_TRUE(world.patches.reverse());
  EXPECT_EQ(world.patches.switch_task(world.tasks[0], in_new.unreliable()).outcome, Outcome::up_to_date);
  EXPECT_EQ(world.patches.switch_task(world.tasks[1], in_old.reliable()).outcome, Outcome::in_function);
  ASSERT_TRUE(world.patches.reverse());
  world.complete(OwnTrace{call_in(helper)}.reliable());
  EXPECT_FALSE(world.patches.is_applied(own.patch()));
  EXPECT_EQ(own.patch().position(), 0U);
  EXPECT_TRUE(world.patches.prepare(own.patch()));
}

TEST(LivepatchTransition, TakesAPatchBack) {
  World world;
  OwnPatch own(1, {outer, inner});
  world.apply(own.patch());
  EXPECT_EQ(own.patch().position(), 1U);
  ASSERT_TRUE(world.patches.begin_removal(own.patch()));
  TaskState& task = world.tasks[0];
  EXPECT_EQ(world.patches.switch_task(task, OwnTrace{call_in(inner, 1)}.reliable()).outcome, Outcome::in_function);
  EXPECT_EQ(world.patches.switch_task(task, OwnTrace{call_in(helper)}.reliable()).outcome, Outcome::switched);
  EXPECT_EQ(task.level(), 0U);
  // Until the end the patch keeps its position: tasks that are left use it.
  EXPECT_EQ(own.patch().position(), 1U);
  world.complete(OwnTrace{}.reliable());
  EXPECT_EQ(own.patch().position(), 0U);
}

TEST(LivepatchStack, AsksForTheVersionThatIsReplaced) {
  World world;
  OwnPatch first(1, {outer, inner});
  OwnPatch second(2, {outer});
  OwnPatch third(3, {inner});
  world.apply(first.patch());
  world.begin(second.patch());
  TaskState& task = world.tasks[0];
  const auto outcome_in = [&](testing::Function function, std::uint32_t version) {
    return world.patches.switch_task(task, OwnTrace{call_in(helper), call_in(function, version)}.reliable()).outcome;
  };
  EXPECT_EQ(outcome_in(outer, 1), Outcome::in_function);
  EXPECT_EQ(outcome_in(outer, 0), Outcome::in_function);
  // The second patch leaves inner as the first one has it.
  EXPECT_EQ(outcome_in(inner, 1), Outcome::switched);
  world.complete(OwnTrace{}.reliable());

  world.apply(third.patch());
  EXPECT_EQ(world.patches.applied().size(), 3U);
  ASSERT_TRUE(world.patches.begin_removal(third.patch()));
  EXPECT_EQ(outcome_in(inner, 3), Outcome::in_function);
  EXPECT_EQ(outcome_in(inner, 1), Outcome::switched);
  world.complete(OwnTrace{}.reliable());
  ASSERT_TRUE(world.patches.begin_removal(second.patch()));
  EXPECT_EQ(outcome_in(outer, 2), Outcome::in_function);
  EXPECT_EQ(outcome_in(outer, 1), Outcome::switched);
}

}  // namespace
}  // namespace surefoot::livepatch
