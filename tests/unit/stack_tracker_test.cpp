// SPDX-License-Identifier: MIT
//
// What may be read next: every stack once, always upwards, nothing below an interrupted sp.
#include "surefoot/detail/stack_tracker.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace surefoot::detail {
namespace {

constexpr Stack task{.range = AddressRange(0x1000, 0x2000), .kind = StackKind::task};
constexpr Stack irq{.range = AddressRange(0x3000, 0x4000), .kind = StackKind::irq};

class StackTrackerTest : public ::testing::Test {
 protected:
  void expect_refused(StopReason reason, std::uint64_t address, std::uint64_t size = 16) {
    const StackTracker::Placement placement = tracker.enter(address, size);
    EXPECT_FALSE(placement.is_readable);
    EXPECT_STREQ(to_string(placement.reason), to_string(reason));
  }

  const std::vector<Stack> stacks{task, irq};
  StackTracker tracker{stacks};
};

TEST_F(StackTrackerTest, TakesTheFirstObjectOnAnyStack) {
  const StackTracker::Placement placement = tracker.enter(0x3010, 16);
  EXPECT_TRUE(placement.is_readable);
  EXPECT_FALSE(placement.is_on_other_stack);  // there was none before
}

TEST_F(StackTrackerTest, FindsNothingReadableBeforeAStackIsEntered) {
  EXPECT_FALSE(tracker.is_readable(0, 0));
  EXPECT_FALSE(tracker.is_readable(0x1000, 0));
  EXPECT_FALSE(tracker.is_readable(0x1000, 8));
  tracker.enter_at_sp(0x1100);
  EXPECT_FALSE(tracker.is_readable(0x10f8, 8));
  EXPECT_TRUE(tracker.is_readable(0x1100, 8));
  EXPECT_TRUE(tracker.is_readable(0x2000, 0));
  EXPECT_FALSE(tracker.is_readable(0x2000, 8));
}

TEST_F(StackTrackerTest, TakesObjectsFurtherUp) {
  ASSERT_TRUE(tracker.enter(0x1000, 16).is_readable);
  tracker.consume_to(0x1010);
  EXPECT_TRUE(tracker.enter(0x1010, 16).is_readable);
  EXPECT_TRUE(tracker.enter(0x1ff0, 16).is_readable);
}

TEST_F(StackTrackerTest, RefusesWhatWasConsumed) {
  ASSERT_TRUE(tracker.enter(0x1100, 16).is_readable);
  tracker.consume_to(0x1110);
  expect_refused(StopReason::not_above_previous, 0x1100);  // itself
  expect_refused(StopReason::not_above_previous, 0x1108);  // half of it
  expect_refused(StopReason::not_above_previous, 0x1000);
}

TEST_F(StackTrackerTest, RefusesWhatIsNotWhollyOnOneStack) {
  expect_refused(StopReason::off_stack, 0x0ff8);
  expect_refused(StopReason::off_stack, 0x1ff8);
  expect_refused(StopReason::off_stack, 0x2000);
  expect_refused(StopReason::off_stack, 0xffff'ffff'ffff'fff8);
  expect_refused(StopReason::off_stack, 0);
}

TEST_F(StackTrackerTest, RefusesAStackThatWasLeft) {
  ASSERT_TRUE(tracker.enter(0x1100, 16).is_readable);
  EXPECT_TRUE(tracker.enter(0x3100, 16).is_on_other_stack);
  expect_refused(StopReason::stack_reentered, 0x1200);
}

TEST_F(StackTrackerTest, StaysWhereItWasAfterARefusal) {
  ASSERT_TRUE(tracker.enter(0x1100, 16).is_readable);
  tracker.consume_to(0x1110);
  expect_refused(StopReason::off_stack, 0x2ff8);
  EXPECT_TRUE(tracker.enter(0x1110, 16).is_readable);
}

TEST_F(StackTrackerTest, RefusesWhatIsBelowAnInterruptedSp) {
  EXPECT_FALSE(tracker.enter_at_sp(0x1100));  // no stack before: no change
  expect_refused(StopReason::not_above_previous, 0x10f8);
  EXPECT_TRUE(tracker.enter(0x1100, 16).is_readable);
}

TEST_F(StackTrackerTest, FindsAnEmptyStackByAnSpAtItsEnd) {
  (void)tracker.enter_at_sp(0x2000);
  expect_refused(StopReason::not_above_previous, 0x1ff0);
}

TEST_F(StackTrackerTest, IgnoresAnSpOnNoStack) {
  ASSERT_TRUE(tracker.enter(0x1100, 16).is_readable);
  EXPECT_FALSE(tracker.enter_at_sp(0x2800));
  EXPECT_TRUE(tracker.enter(0x1100, 16).is_readable);
}

TEST_F(StackTrackerTest, IgnoresAnSpOnAStackThatWasLeft) {
  ASSERT_TRUE(tracker.enter(0x1100, 16).is_readable);
  ASSERT_TRUE(tracker.enter_at_sp(0x3800));
  EXPECT_FALSE(tracker.enter_at_sp(0x1200));
  EXPECT_TRUE(tracker.enter(0x3800, 16).is_readable);
}

TEST_F(StackTrackerTest, NeverGoesDownWithAnSp) {
  ASSERT_TRUE(tracker.enter(0x1100, 16).is_readable);
  tracker.consume_to(0x1110);
  EXPECT_FALSE(tracker.enter_at_sp(0x1000));
  expect_refused(StopReason::not_above_previous, 0x1100);
}

TEST_F(StackTrackerTest, NeverGoesDownWithAnSpWhenAllIsConsumed) {
  ASSERT_TRUE(tracker.enter(0x1ff0, 16).is_readable);
  tracker.consume_to(0x2000);
  EXPECT_FALSE(tracker.enter_at_sp(0x1000));
  expect_refused(StopReason::not_above_previous, 0x1ff0);
}

TEST_F(StackTrackerTest, ReadsFurtherWordsOnThePresentStackOnly) {
  EXPECT_FALSE(tracker.is_readable(0x1100, 8));  // on no stack yet
  ASSERT_TRUE(tracker.enter(0x1100, 16).is_readable);
  EXPECT_TRUE(tracker.is_readable(0x1100, 24));
  EXPECT_FALSE(tracker.is_readable(0x3100, 8));
  EXPECT_FALSE(tracker.is_readable(0x1ff8, 16));
}

TEST(StackTracker, AcceptsDisjointStacksUpToTheLimit) {
  std::vector<Stack> stacks;
  for (std::uint64_t i = 0; i < max_stacks; ++i) stacks.push_back({.range = AddressRange(i * 16, i * 16 + 16)});
  EXPECT_EQ(StackTracker::find_unusable(stacks), stacks.size());
  stacks.push_back({.range = AddressRange(0x1000, 0x2000)});
  EXPECT_EQ(StackTracker::find_unusable(stacks), max_stacks);
}

TEST(StackTracker, RefusesAnEmptyStack) {
  const std::vector<Stack> stacks{task, {.range = AddressRange(0x3000, 0x3000)}};
  EXPECT_EQ(StackTracker::find_unusable(stacks), 1U);
}

TEST(StackTracker, RefusesAStackThatOverlapsAnEarlierOne) {
  const std::vector<Stack> stacks{task, irq, {.range = AddressRange(0x1ff8, 0x2100)}};
  EXPECT_EQ(StackTracker::find_unusable(stacks), 2U);
}

TEST(StackTracker, EntersTheLastOfTheMostStacks) {
  std::vector<Stack> stacks;
  for (std::uint64_t i = 0; i < max_stacks; ++i) stacks.push_back({.range = AddressRange(i * 16, i * 16 + 16)});
  StackTracker tracker(stacks);
  for (std::uint64_t i = 0; i < max_stacks; ++i) ASSERT_TRUE(tracker.enter(i * 16, 16).is_readable) << i;
  for (std::uint64_t i = 0; i + 1 < max_stacks; ++i) {
    ASSERT_STREQ(to_string(tracker.enter(i * 16, 16).reason), "stack_reentered") << i;
  }
}

}  // namespace
}  // namespace surefoot::detail
