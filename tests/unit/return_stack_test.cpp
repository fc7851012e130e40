// SPDX-License-Identifier: MIT
//
// The return stack's protocol: what a nested tracer and a walk see at each of its steps.
#include "surefoot/return_stack.hpp"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <functional>

#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

constexpr ReturnEntry outer{
    .return_address = code::ret(1), .function = 0x10, .key = 0x7000'0100, .hook = code::handler};
constexpr ReturnEntry inner{
    .return_address = code::ret(2), .function = 0x20, .key = 0x7000'0040, .hook = code::handler};

class ReturnStackTest : public ::testing::Test {
 protected:
  std::array<ReturnEntry, 3> storage;
  ReturnStack stack{storage};
};

TEST_F(ReturnStackTest, IsEmptyAtFirst) {
  EXPECT_EQ(stack.depth(), 0U);
  EXPECT_EQ(stack.capacity(), 3U);
  EXPECT_EQ(stack.top(), nullptr);
  EXPECT_TRUE(stack.entries().empty());
}

TEST_F(ReturnStackTest, KeepsWhatWasPushed) {
  ASSERT_TRUE(stack.push(outer));
  ASSERT_NE(stack.top(), nullptr);
  EXPECT_EQ(stack.top()->return_address, outer.return_address);
  EXPECT_EQ(stack.top()->function, outer.function);
  EXPECT_EQ(stack.top()->key, outer.key);
  EXPECT_EQ(stack.top()->hook, outer.hook);
}

TEST_F(ReturnStackTest, PopsTheNewestFirst) {
  ASSERT_TRUE(stack.push(outer));
  ASSERT_TRUE(stack.push(inner));
  EXPECT_EQ(stack.top()->key, inner.key);
  stack.pop();
  EXPECT_EQ(stack.top()->key, outer.key);
  stack.pop();
  EXPECT_EQ(stack.top(), nullptr);
}

TEST_F(ReturnStackTest, LeavesAFreeSlotInvalid) {
  ASSERT_TRUE(stack.push(outer));
  stack.pop();
  EXPECT_EQ(storage[0].return_address, 0U);
}

TEST_F(ReturnStackTest, RefusesAndCountsWhatDoesNotFit) {  // G13
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stack.push(outer));
  EXPECT_FALSE(stack.push(inner));
  EXPECT_FALSE(stack.push(inner));
  EXPECT_EQ(stack.dropped(), 2U);
  EXPECT_EQ(stack.depth(), 3U);
  EXPECT_EQ(stack.top()->key, outer.key);
}

TEST_F(ReturnStackTest, TakesEntriesAgainAfterItWasFull) {  // G13
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stack.push(outer));
  ASSERT_FALSE(stack.push(inner));
  stack.pop();
  EXPECT_TRUE(stack.push(inner));
  EXPECT_EQ(stack.dropped(), 1U);
}

TEST_F(ReturnStackTest, OfNoStorageDropsEverything) {
  ReturnStack none{std::span<ReturnEntry>()};
  EXPECT_FALSE(none.push(outer));
  EXPECT_EQ(none.dropped(), 1U);
  EXPECT_EQ(none.top(), nullptr);
}

TEST_F(ReturnStackTest, ShowsNoEntriesWhenItsDepthIsDamaged) {
  ASSERT_TRUE(stack.push(outer));
  set_depth(stack, 4);
  EXPECT_TRUE(stack.entries().empty());
  EXPECT_EQ(stack.top(), nullptr);
}

TEST_F(ReturnStackTest, HidesAHalfWrittenEntry) {  // G9
  ASSERT_TRUE(stack.push(outer));
  ASSERT_TRUE(stack.push(inner));
  storage[1].return_address = 0;
  EXPECT_EQ(stack.top()->key, outer.key);
}

// The stores of a push in their order, so that an interruption can be put after each.
class PushStepsTest : public ReturnStackTest {
 protected:
  static constexpr int step_count = 5;

  void do_step(int step) {
    ReturnEntry& slot = storage[1];
    switch (step) {
      case 0: return set_depth(stack, 2);
      case 1: slot.function = inner.function; return;
      case 2: slot.key = inner.key; return;
      case 3: slot.hook = inner.hook; return;
      case 4: slot.return_address = inner.return_address; return;
    }
  }

  // Runs `interruption` before the first step, between all, and after the last, each time in a push of its own.
  void interrupt_each_step(const std::function<void(int)>& interruption) {
    for (int interrupted_at = 0; interrupted_at <= step_count; ++interrupted_at) {
      SCOPED_TRACE(::testing::Message() << "after " << interrupted_at << " of the push's stores");
      while (stack.depth() > 0) stack.pop();
      storage.fill({});
      ASSERT_TRUE(stack.push(outer));
      for (int step = 0; step < step_count; ++step) {
        if (step == interrupted_at) interruption(interrupted_at);
        do_step(step);
      }
      if (interrupted_at == step_count) interruption(interrupted_at);
      EXPECT_EQ(stack.depth(), 2U);
      EXPECT_EQ(storage[0].return_address, outer.return_address);
      EXPECT_EQ(storage[1].return_address, inner.return_address);
      EXPECT_EQ(storage[1].key, inner.key);
      EXPECT_EQ(storage[1].hook, inner.hook);
      EXPECT_EQ(storage[1].function, inner.function);
    }
  }
};

TEST_F(PushStepsTest, AreUndisturbedByANestedPushAndPop) {
  const ReturnEntry nested{.return_address = code::ret(3), .function = 0x30, .key = 0x7000'0000, .hook = code::probe};
  interrupt_each_step([&](int) {
    const std::uint32_t depth = stack.depth();
    ASSERT_TRUE(stack.push(nested));
    EXPECT_EQ(stack.top()->key, nested.key);
    stack.pop();
    EXPECT_EQ(stack.depth(), depth);
  });
}

TEST_F(PushStepsTest, ShowTheNewEntryOnlyOnceItIsWhole) {  // G9
  interrupt_each_step([&](int steps_done) {
    ASSERT_NE(stack.top(), nullptr);
    EXPECT_EQ(stack.top()->key, steps_done == step_count ? inner.key : outer.key);
  });
}

// A pop makes the slot invalid first; the address is in the link register by then.
TEST_F(ReturnStackTest, SurvivesANestedPushBetweenTheStoresOfAPop) {
  ASSERT_TRUE(stack.push(outer));
  ASSERT_TRUE(stack.push(inner));
  storage[1].return_address = 0;  // the first store of the pop
  ASSERT_TRUE(stack.push(inner));
  stack.pop();
  set_depth(stack, 1);  // the second
  EXPECT_EQ(stack.top()->key, outer.key);
  EXPECT_EQ(storage[1].return_address, 0U);
}

// A longjmp into the function whose record is at 0x70000080 leaves what it called.
TEST_F(ReturnStackTest, DropsTheEntriesOfAbandonedCalls) {  // G19
  ASSERT_TRUE(stack.push(outer));
  ASSERT_TRUE(
      stack.push({.return_address = code::ret(3), .function = 0x30, .key = 0x7000'0080, .hook = code::handler}));
  ASSERT_TRUE(stack.push(inner));
  EXPECT_EQ(stack.drop(AddressRange(0x7000'0000, 0x7000'0081)), 2U);
  EXPECT_EQ(stack.depth(), 1U);
  EXPECT_EQ(stack.top()->key, outer.key);
  for (const ReturnEntry& entry : {storage[1], storage[2]}) EXPECT_EQ(entry.return_address, 0U);
}

TEST_F(ReturnStackTest, DropsTheSlotOfAnAbandonedPush) {  // G19
  ASSERT_TRUE(stack.push(outer));
  set_depth(stack, 2);
  EXPECT_EQ(stack.drop(AddressRange(0x7000'0000, 0x7000'0081)), 1U);
  EXPECT_EQ(stack.depth(), 1U);
}

TEST_F(ReturnStackTest, DropsAllOfATaskThatIsKilled) {  // G19
  ASSERT_TRUE(stack.push(outer));
  ASSERT_TRUE(stack.push(inner));
  EXPECT_EQ(stack.drop(AddressRange(0x7000'0000, 0x7000'1000)), 2U);
  EXPECT_EQ(stack.top(), nullptr);
}

TEST_F(ReturnStackTest, DropsNothingAboveADamagedDepth) {  // G19
  ASSERT_TRUE(stack.push(outer));
  set_depth(stack, 4);
  EXPECT_EQ(stack.drop(AddressRange(0, ~std::uint64_t{0})), 0U);
}

#if SUREFOOT_OPT_CHECKS
using ReturnStackDeathTest = ReturnStackTest;

// By SUREFOOT_CHECK, and not by an access to memory that is not there.
bool is_trap(int status) {
  return ::testing::KilledBySignal(SIGILL)(status) || ::testing::KilledBySignal(SIGTRAP)(status);
}

TEST_F(ReturnStackDeathTest, PopsNothingOfAnEmptyStack) { EXPECT_EXIT(stack.pop(), is_trap, ""); }

TEST_F(ReturnStackDeathTest, PopsNothingAboveADamagedDepth) {
  set_depth(stack, static_cast<std::uint32_t>(stack.capacity() + 1));
  EXPECT_EXIT(stack.pop(), is_trap, "");
}
#endif

}  // namespace
}  // namespace surefoot::testing
