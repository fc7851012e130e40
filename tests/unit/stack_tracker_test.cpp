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
  void expect_refused(StopReason reason, std::uint64_t address) {
    Evidence ignored;
    EXPECT_STREQ(to_string(tracker.enter(stacks, address, ignored)), to_string(reason));
    EXPECT_TRUE(ignored.is_empty());
  }
  // True if a record may be read there.
  bool enter(std::uint64_t address) { return tracker.enter(stacks, address, noticed) == StopReason::truncated; }
  // True if that changed the present stack.
  bool enter_at_sp(std::uint64_t sp) {
    Evidence noticed_now;
    tracker.enter_at_sp(stacks, sp, noticed_now);
    return noticed_now.has(EvidenceBit::changed_stack);
  }
  [[nodiscard]] bool is_readable(std::uint64_t address, std::uint64_t size) const {
    return tracker.is_readable(stacks, address, size);
  }

  const std::vector<Stack> stacks{task, irq};
  StackTracker tracker;
  Evidence noticed;
};

TEST_F(StackTrackerTest, TakesTheFirstObjectOnAnyStack) {
  EXPECT_TRUE(enter(0x3010));
  EXPECT_TRUE(noticed.is_empty());  // there was none before
}

TEST_F(StackTrackerTest, FindsNothingReadableBeforeAStackIsEntered) {
  EXPECT_FALSE(is_readable(0, 0));
  EXPECT_FALSE(is_readable(0x1000, 0));
  EXPECT_FALSE(is_readable(0x1000, 8));
  enter_at_sp(0x1100);
  EXPECT_FALSE(is_readable(0x10f8, 8));
  EXPECT_TRUE(is_readable(0x1100, 8));
  EXPECT_TRUE(is_readable(0x2000, 0));
  EXPECT_FALSE(is_readable(0x2000, 8));
}

TEST_F(StackTrackerTest, TakesObjectsFurtherUp) {
  ASSERT_TRUE(enter(0x1000));
  tracker.consume_to(0x1010);
  EXPECT_TRUE(enter(0x1010));
  EXPECT_TRUE(enter(0x1ff0));
}

TEST_F(StackTrackerTest, RefusesWhatWasConsumed) {
  ASSERT_TRUE(enter(0x1100));
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
  ASSERT_TRUE(enter(0x1100));
  EXPECT_TRUE(enter(0x3100));
  EXPECT_TRUE(noticed.has(EvidenceBit::changed_stack));
  expect_refused(StopReason::stack_reentered, 0x1200);
}

TEST_F(StackTrackerTest, StaysWhereItWasAfterARefusal) {
  ASSERT_TRUE(enter(0x1100));
  tracker.consume_to(0x1110);
  expect_refused(StopReason::off_stack, 0x2ff8);
  EXPECT_TRUE(enter(0x1110));
}

TEST_F(StackTrackerTest, RefusesWhatIsBelowAnInterruptedSp) {
  EXPECT_FALSE(enter_at_sp(0x1100));  // no stack before: no change
  expect_refused(StopReason::not_above_previous, 0x10f8);
  EXPECT_TRUE(enter(0x1100));
}

TEST_F(StackTrackerTest, FindsAnEmptyStackByAnSpAtItsEnd) {
  (void)enter_at_sp(0x2000);
  expect_refused(StopReason::not_above_previous, 0x1ff0);
}

TEST_F(StackTrackerTest, IgnoresAnSpOnNoStack) {
  ASSERT_TRUE(enter(0x1100));
  EXPECT_FALSE(enter_at_sp(0x2800));
  EXPECT_TRUE(enter(0x1100));
}

TEST_F(StackTrackerTest, IgnoresAnSpOnAStackThatWasLeft) {
  ASSERT_TRUE(enter(0x1100));
  ASSERT_TRUE(enter_at_sp(0x3800));
  EXPECT_FALSE(enter_at_sp(0x1200));
  EXPECT_TRUE(enter(0x3800));
}

TEST_F(StackTrackerTest, NeverGoesDownWithAnSp) {
  ASSERT_TRUE(enter(0x1100));
  tracker.consume_to(0x1110);
  EXPECT_FALSE(enter_at_sp(0x1000));
  expect_refused(StopReason::not_above_previous, 0x1100);
}

TEST_F(StackTrackerTest, NeverGoesDownWithAnSpWhenAllIsConsumed) {
  ASSERT_TRUE(enter(0x1ff0));
  tracker.consume_to(0x2000);
  EXPECT_FALSE(enter_at_sp(0x1000));
  expect_refused(StopReason::not_above_previous, 0x1ff0);
}

TEST_F(StackTrackerTest, ReadsFurtherWordsOnThePresentStackOnly) {
  EXPECT_FALSE(is_readable(0x1100, 8));  // on no stack yet
  ASSERT_TRUE(enter(0x1100));
  EXPECT_TRUE(is_readable(0x1100, 24));
  EXPECT_FALSE(is_readable(0x3100, 8));
  EXPECT_FALSE(is_readable(0x1ff8, 16));
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

TEST(StackTracker, RefusesAStackThatAnEarlierOneIsPartOf) {
  const std::vector<Stack> stacks{irq, {.range = AddressRange(0x1100, 0x1200)}, task};
  EXPECT_EQ(StackTracker::find_unusable(stacks), 2U);
}

TEST(StackTracker, EntersTheLastOfTheMostStacks) {
  std::vector<Stack> stacks;
  for (std::uint64_t i = 0; i < max_stacks; ++i) stacks.push_back({.range = AddressRange(i * 16, i * 16 + 16)});
  StackTracker tracker;
  Evidence noticed;
  for (std::uint64_t i = 0; i < max_stacks; ++i) {
    ASSERT_STREQ(to_string(tracker.enter(stacks, i * 16, noticed)), "truncated") << i;
  }
  for (std::uint64_t i = 0; i + 1 < max_stacks; ++i) {
    ASSERT_STREQ(to_string(tracker.enter(stacks, i * 16, noticed)), "stack_reentered") << i;
  }
}

}  // namespace
}  // namespace surefoot::detail
