// SPDX-License-Identifier: MIT
//
// Which entry answers for which record: by key, never by position. The walk tests show the same from outside; these
// show the edges.
#include "surefoot/detail/return_matcher.hpp"

#include <gtest/gtest.h>

#include <array>

#include "support/scene.hpp"

namespace surefoot::detail {
namespace {

namespace code = surefoot::testing::code;

constexpr std::uint64_t key_a = 0x7000'0100;
constexpr std::uint64_t key_b = 0x7000'0200;

class ReturnMatcherTest : public ::testing::Test {
 protected:
  void push(std::uint64_t return_address, std::uint64_t key, std::uint64_t hook = code::handler) {
    ASSERT_TRUE(stack.push({.return_address = return_address, .function = 0x10, .key = key, .hook = hook}));
  }
  ReturnMatcher::Restored restore(ReturnMatcher& matcher, std::uint64_t pc, std::uint64_t key) {
    return matcher.restore(&stack, pc, key, ranges, text, pac);
  }
  static void expect(const ReturnMatcher::Restored& got, std::uint64_t pc, Evidence evidence) {
    EXPECT_EQ(got.pc, pc);
    EXPECT_EQ(surefoot::testing::text(got.evidence), surefoot::testing::text(evidence));
  }

  std::array<ReturnEntry, 4> storage;
  ReturnStack stack{storage};
  SpecialRanges ranges = surefoot::testing::usual_table().make().value();
  std::array<AddressRange, 1> text{AddressRange(code::text_start, code::text_end)};
  PointerAuthMask pac;
};

TEST_F(ReturnMatcherTest, WithoutAReturnStackLeavesAnAddressAlone) {
  ReturnMatcher matcher(nullptr);
  expect(matcher.restore(nullptr, code::ret(1), key_a, ranges, text, pac), code::ret(1), {});
  EXPECT_EQ(matcher.newest(nullptr), nullptr);
}

TEST_F(ReturnMatcherTest, WithoutAReturnStackCannotResolveAHook) {  // G3
  ReturnMatcher matcher(nullptr);
  expect(matcher.restore(nullptr, code::handler, key_a, ranges, text, pac), code::handler,
         EvidenceBit::return_address_unresolved);
}

TEST_F(ReturnMatcherTest, RestoresByKey) {  // G1
  push(code::ret(1), key_a);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_a), code::ret(1), EvidenceBit::return_address_hooked);
  EXPECT_EQ(matcher.newest(&stack), nullptr);
}

TEST_F(ReturnMatcherTest, KnowsAHookRightBehindARangeOfOneInstruction) {  // C10
  const auto table = surefoot::testing::RangeTable(code::text_end)
                         .add(code::handler - 4, code::handler, SpecialKind::other)
                         .add(code::return_to_handler, SpecialKind::return_to_handler);
  ranges = table.make().value();
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_a), code::handler, EvidenceBit::return_address_unresolved);
}

TEST_F(ReturnMatcherTest, DoesNotTakeAnEntryWithAnotherKey) {  // G2
  push(code::ret(1), key_a);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_b), code::handler, EvidenceBit::return_address_unresolved);
  EXPECT_NE(matcher.newest(&stack), nullptr);
}

TEST_F(ReturnMatcherTest, DoesNotTakeAnEntryOfAnotherHook) {  // K2
  push(code::ret(1), key_a, code::probe);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_a), code::handler, EvidenceBit::return_address_unresolved);
}

TEST_F(ReturnMatcherTest, KnowsAHookThatIsInNoTable) {
  ranges = SpecialRanges::none();
  push(code::ret(1), key_a);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_a), code::ret(1), EvidenceBit::return_address_hooked);
}

// The newest entry that is whole names the hook: one that is only half there tells nothing.
TEST_F(ReturnMatcherTest, KnowsAHookThatIsInNoTableBelowAHalfWrittenEntry) {  // G9
  ranges = SpecialRanges::none();
  push(code::ret(1), key_a);
  push(code::ret(2), key_b, code::probe);
  push(code::ret(3), key_b, code::probe);
  storage[1].return_address = 0;
  storage[2].return_address = 0;
  ReturnMatcher matcher(&stack);
  matcher.cross_exception();
  matcher.cross_exception();
  expect(restore(matcher, code::handler, key_a), code::ret(1), EvidenceBit::return_address_hooked);
  EXPECT_EQ(matcher.newest(&stack), nullptr);
}

TEST_F(ReturnMatcherTest, DoesNotTakeTheHookOfAHalfWrittenEntry) {  // G9
  ranges = SpecialRanges::none();
  push(code::ret(1), key_a);
  push(code::ret(2), key_a, code::probe);
  storage[1].return_address = 0;
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::probe, key_a), code::probe, {});
}

TEST_F(ReturnMatcherTest, NotesWhatItPassesOver) {
  push(code::ret(1), key_a);
  push(code::ret(2), key_b);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_a), code::ret(1),
         EvidenceBit::return_address_hooked | EvidenceBit::return_entry_skipped);
  EXPECT_EQ(matcher.newest(&stack), nullptr);
}

TEST_F(ReturnMatcherTest, DoesNotCountAHalfWrittenEntryAsSkipped) {  // G9
  push(code::ret(1), key_a);
  push(code::ret(2), key_b);
  storage[1].return_address = 0;
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_a), code::ret(1),
         EvidenceBit::return_address_hooked | EvidenceBit::return_entry_invalid);
}

TEST_F(ReturnMatcherTest, ExplainsOneInvalidEntryByEachException) {  // G17
  push(code::ret(1), key_a);
  for (const std::uint64_t key : {key_b, key_a, key_b}) push(code::ret(2), key);
  for (const std::size_t index : {0U, 1U, 3U}) storage[index].return_address = 0;
  ReturnMatcher matcher(&stack);
  matcher.cross_exception();
  expect(restore(matcher, code::handler, key_a), code::ret(2), EvidenceBit::return_address_hooked);
  matcher.cross_exception();
  EXPECT_EQ(matcher.pass_rest(&stack), Evidence(EvidenceBit::return_entry_invalid));
  EXPECT_EQ(matcher.pass_rest(&stack), Evidence());
}

TEST_F(ReturnMatcherTest, NotesAnEntryThatIsUsedAfterADeeperOne) {  // G6
  push(code::ret(1), key_a);
  push(code::ret(2), key_b);
  ReturnMatcher matcher(&stack);
  (void)restore(matcher, code::handler, key_a);
  expect(restore(matcher, code::handler, key_b), code::ret(2),
         EvidenceBit::return_address_hooked | EvidenceBit::return_entry_out_of_order);
}

TEST_F(ReturnMatcherTest, FollowsHooksOfOneKeyToTheTrueAddress) {  // G8
  push(code::ret(1), key_a);
  push(code::handler, key_a);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_a), code::ret(1), EvidenceBit::return_address_hooked);
  EXPECT_EQ(matcher.newest(&stack), nullptr);
}

TEST_F(ReturnMatcherTest, FollowsAsManyHooksAsThereAreEntries) {  // K4
  push(code::ret(1), key_a);
  push(code::handler, key_a, code::probe);
  push(code::probe, key_a);
  push(code::handler, key_a, code::probe);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::probe, key_a), code::ret(1), EvidenceBit::return_address_hooked);
}

TEST_F(ReturnMatcherTest, EndsWhenAnEntryNamesItself) {  // K4: bounded
  push(code::handler, key_a);
  ReturnMatcher matcher(&stack);
  EXPECT_TRUE(restore(matcher, code::handler, key_a).evidence.has(EvidenceBit::return_address_unresolved));
}

TEST_F(ReturnMatcherTest, EndsWhenTwoEntriesNameEachOther) {  // K4: bounded
  push(code::handler, key_a, code::probe);
  push(code::probe, key_a);
  ReturnMatcher matcher(&stack);
  EXPECT_TRUE(restore(matcher, code::handler, key_a).evidence.has(EvidenceBit::return_address_unresolved));
}

TEST_F(ReturnMatcherTest, UsesAnEntryWhoseAddressIsNotRewrittenYet) {  // G7
  push(code::ret(1), key_a);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::ret(1), key_a), code::ret(1), {});
  EXPECT_NE(matcher.newest(&stack), nullptr);
  EXPECT_EQ(matcher.use_in_flight(&stack, code::ret(1), key_a, pac), Evidence(EvidenceBit::return_entry_in_flight));
  EXPECT_EQ(matcher.newest(&stack), nullptr);
}

TEST_F(ReturnMatcherTest, UsesASignedEntryWhoseAddressIsNotRewrittenYet) {  // G7, C8
  pac = PointerAuthMask::for_address_bits(48);
  push(code::ret(1) | 0x002b'0000'0000'0000, key_a);
  ReturnMatcher matcher(&stack);
  EXPECT_EQ(matcher.use_in_flight(&stack, code::ret(1), key_a, pac), Evidence(EvidenceBit::return_entry_in_flight));
}

TEST_F(ReturnMatcherTest, UsesBothEntriesOfAnAddressThatTwoMechanismsAreAboutToTake) {  // G7, K4
  push(code::ret(1), key_a, code::probe);
  push(code::probe, key_a);
  ReturnMatcher matcher(&stack);
  EXPECT_EQ(matcher.use_in_flight(&stack, code::ret(1), key_a, pac), Evidence(EvidenceBit::return_entry_in_flight));
  EXPECT_EQ(matcher.newest(&stack), nullptr);
}

TEST_F(ReturnMatcherTest, TakesOnlyTheNewestEntryForOneInFlight) {  // G7
  push(code::ret(1), key_a);
  push(code::ret(2), key_b);
  ReturnMatcher matcher(&stack);
  EXPECT_EQ(matcher.use_in_flight(&stack, code::ret(1), key_a, pac), Evidence());
  EXPECT_NE(matcher.newest(&stack), nullptr);
}

TEST_F(ReturnMatcherTest, StripsTheAddressThatItRestores) {  // C8
  pac = PointerAuthMask::for_address_bits(48);
  push(code::ret(1) | 0x005a'0000'0000'0000, key_a);
  ReturnMatcher matcher(&stack);
  expect(restore(matcher, code::handler, key_a), code::ret(1), EvidenceBit::return_address_hooked);
}

TEST_F(ReturnMatcherTest, DoesNotUseAStackWhoseDepthIsDamaged) {
  push(code::ret(1), key_a);
  surefoot::testing::set_depth(stack, 5);
  ReturnMatcher matcher(&stack);
  EXPECT_TRUE(ReturnMatcher::is_damaged(&stack));
  expect(restore(matcher, code::handler, key_a), code::handler, EvidenceBit::return_address_unresolved);
}

}  // namespace
}  // namespace surefoot::detail
