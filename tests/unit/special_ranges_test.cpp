// SPDX-License-Identifier: MIT
//
// The table of special code: what it refuses (C9), where its edges are (C10), and that its search finds what a plain
// loop finds.
#include "surefoot/special_ranges.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <random>

#include "support/range_table.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t table_at = 0x4100'0000;
constexpr auto other = SpecialKind::other;
constexpr auto veneer = SpecialKind::veneer;

RangeTable three_ranges() {
  RangeTable table(table_at);
  table.add(0x1000, 0x1100, SpecialKind::exception_entry)
      .add(0x1100, 0x1140, veneer)  // adjacent
      .add(0x4000'0000, 0x4000'0004, other);
  return table;
}

TEST(SpecialRanges, BelongToARangeFromItsStartToBelowItsEnd) {  // C10
  const RangeTable table = three_ranges();
  const SpecialRanges ranges = table.make().value();
  struct Case {
    std::uint64_t pc;
    SpecialKind kind;
  } const cases[] = {
      {0x0ffc, SpecialKind::none},
      {0x1000, SpecialKind::exception_entry},
      {0x10fc, SpecialKind::exception_entry},
      {0x10ff, SpecialKind::exception_entry},
      {0x1100, veneer},
      {0x113c, veneer},
      {0x1140, SpecialKind::none},
      {0x3fff'fffc, SpecialKind::none},
      {0x4000'0000, other},
      {0x4000'0004, SpecialKind::none},
      {0, SpecialKind::none},
      {~std::uint64_t{0}, SpecialKind::none},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << "pc 0x" << std::hex << c.pc);
    EXPECT_STREQ(to_string(ranges.find(c.pc).kind), to_string(c.kind));
  }
}

TEST(SpecialRanges, DecodeWhatWasDeclared) {
  for (const Rule& rule : {Rule{.pc = From::stack, .lr = From::link_register, .in_flight = 1, .offset = -16},
                           Rule{.pc = From::frame_record, .in_flight = 2, .offset = -16, .fp_offset = -40}}) {
    const RangeTable table = RangeTable(table_at).add(0x1000, 0x1100, SpecialKind::ftrace_call, rule);
    const SpecialRange range = table.make().value()[0];
    EXPECT_EQ(range.range.start(), 0x1000U);
    EXPECT_EQ(range.range.end(), 0x1100U);
    EXPECT_EQ(range.kind, SpecialKind::ftrace_call);
    EXPECT_EQ(range.rule, rule);
  }
}

// A linker section that nothing was placed in says nothing: perhaps the vectors are not declared yet.
TEST(SpecialRanges, RefuseATableWithoutEntries) {  // C13
  const RangeTable table(table_at);
  const auto made = table.make();
  ASSERT_FALSE(made.has_value());
  EXPECT_STREQ(to_string(made.error().code), "empty_table");
  EXPECT_EQ(made.error().index, 0U);
  const auto from_addresses = SpecialRanges::make(std::span<const SpecialRange>());
  ASSERT_FALSE(from_addresses.has_value());
  EXPECT_STREQ(to_string(from_addresses.error().code), "empty_table");
}

TEST(SpecialRanges, ThatAreNoneFindNothing) {  // C10
  const SpecialRanges ranges = SpecialRanges::none();
  EXPECT_FALSE(ranges.find(0x1000).is_special());
  EXPECT_FALSE(ranges.find(0).is_special());
}

TEST(SpecialRanges, AreNotValidUnlessTheyWereMade) { EXPECT_FALSE(SpecialRanges().is_valid()); }

TEST(SpecialRanges, SayWithNoneThatThereAreNone) {
  EXPECT_TRUE(SpecialRanges::none().is_valid());
  EXPECT_EQ(SpecialRanges::none().size(), 0U);
}

TEST(SpecialRanges, ReachCodeAboveAndBelowTheirTable) {
  const RangeTable table = RangeTable(0xffff'8000'8000'0000)
                               .add(0xffff'8000'1000'0000, 0xffff'8000'1000'0010, veneer)
                               .add(0xffff'8000'f000'0000, 0xffff'8000'f000'0010, other);
  const SpecialRanges ranges = table.make().value();
  EXPECT_EQ(ranges.find(0xffff'8000'1000'000c).kind, veneer);
  EXPECT_EQ(ranges.find(0xffff'8000'f000'0000).kind, other);
}

TEST(SpecialRanges, CallOnlyTheFirstInstructionOfATrampolineAHook) {
  const RangeTable table = RangeTable(table_at)
                               .add(0x1000, 0x1100, SpecialKind::return_to_handler)
                               .add(0x2000, 0x2100, SpecialKind::return_hook)
                               .add(0x3000, 0x3100, other);
  const SpecialRanges ranges = table.make().value();
  struct Case {
    std::uint64_t pc;
    bool is_hook;
  } const cases[] = {{0x1000, true}, {0x1004, false}, {0x2000, true}, {0x20fc, false}, {0x3000, false}};
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << "pc 0x" << std::hex << c.pc);
    EXPECT_EQ(ranges.find(c.pc).is_return_hook_at(c.pc), c.is_hook);
  }
}

// C9: each error, at the entry that has it, which is in turn the first, the middle and the last.
TEST(SpecialRanges, RefuseATableAndNameTheFirstEntryThatIsWrong) {
  using Code = SpecialRangesFault;
  struct Case {
    Code code;
    std::size_t first_index;
    std::function<void(SpecialRangeEntry&)> spoil;
  } const cases[] = {
      {Code::empty_range, 0, [](auto& entry) { entry.end_offset = entry.start_offset - 4; }},
      {Code::empty_range, 0, [](auto& entry) { entry.end_offset = entry.start_offset - 64; }},
      {Code::misaligned, 0, [](auto& entry) { entry.start_offset += 2; }},
      {Code::misaligned, 0, [](auto& entry) { entry.end_offset -= 1; }},
      {Code::unsorted, 1, [](auto& entry) { entry.start_offset -= 0x204; }},
      {Code::overlapping, 1, [](auto& entry) { entry.start_offset -= 0x104; }},
      {Code::overlapping, 1, [](auto& entry) { entry.start_offset -= 0x200; }},
      {Code::unknown_kind, 0, [](auto& entry) { entry.kind = 0; }},
      {Code::unknown_kind, 0, [](auto& entry) { entry.kind = SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD + 1; }},
      {Code::unknown_kind, 0, [](auto& entry) { entry.kind = 255; }},
      {Code::unknown_rule, 0, [](auto& entry) { entry.rule = SUREFOOT_FROM_EXCEPTION_FRAME + 1; }},
      {Code::unknown_rule, 0, [](auto& entry) { entry.rule = 255; }},
      // A link register that comes from a stack, and one for a caller that has a frame record.
      {Code::unknown_rule, 0, [](auto& entry) { entry.rule = SUREFOOT_FROM_X9 | SUREFOOT_FROM_STACK << 3; }},
      {Code::unknown_rule, 0, [](auto& entry) { entry.rule = SUREFOOT_FROM_FRAME_RECORD | SUREFOOT_FROM_X9 << 3; }},
      {Code::unknown_rule, 0, [](auto& entry) { entry.rule = SUREFOOT_FROM_FRAME_RECORD | 3 << 6; }},
      {Code::nonzero_reserved, 0, [](auto& entry) { entry.caller_sp = 2; }},
      {Code::nonzero_reserved, 0, [](auto& entry) { entry.caller_sp = 16; }},
      {Code::nonzero_reserved, 0, [](auto& entry) { entry.caller_sp = 8 | SUREFOOT_CALLER_SP_IS_KNOWN; }},
      // Saved registers beside no record.
      {Code::unknown_rule, 0, [](auto& entry) { entry.registers_offset = -40; }},
  };
  for (const Case& c : cases) {
    for (std::size_t index = c.first_index; index < 3; ++index) {
      SCOPED_TRACE(::testing::Message() << to_string(c.code) << " at entry " << index);
      RangeTable table(table_at);
      for (std::uint64_t start = 0x1000; start < 0x1600; start += 0x200) table.add(start, start + 0x100, other);
      c.spoil(table.entry(index));
      const auto made = table.make();
      ASSERT_FALSE(made.has_value());
      EXPECT_STREQ(to_string(made.error().code), to_string(c.code));
      EXPECT_EQ(made.error().index, index);
    }
  }
}

TEST(SpecialRanges, RefuseTheSameRangeTwice) {  // C9
  const RangeTable table = RangeTable(table_at).add(0x1000, 0x1100, other).add(0x1000, 0x1100, other);
  EXPECT_EQ(table.make().error().code, SpecialRangesFault::overlapping);
}

TEST(SpecialRanges, RefuseAnEntryOfZeros) {  // C9: a section that was filled up
  RangeTable table(table_at);
  table.add(0x1000, 0x1100, other);
  table.entry(0) = {};
  EXPECT_FALSE(table.make().has_value());
}

TEST(SpecialRanges, FindWhatALoopOverAllRangesFinds) {
  constexpr unsigned seed = 20'211;
  std::mt19937_64 random(seed);
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  for (int round = 0; round < 200; ++round) {
    RangeTable table(table_at);
    std::vector<AddressRange> written;
    std::uint64_t next = 0x4000'0000;
    const std::size_t count = 1 + random() % 40;
    while (written.size() < count) {
      const std::uint64_t start = next + 4 * (random() % 3);  // often adjacent
      next = start + 4 * (1 + random() % 4);
      written.emplace_back(start, next);
      table.add(start, next, other);
    }
    const SpecialRanges ranges = table.make().value();
    for (std::uint64_t pc = 0x3fff'fff8; pc < next + 8; ++pc) {
      bool is_in_one = false;
      for (const AddressRange& range : written) is_in_one |= pc >= range.start() && pc < range.end();
      ASSERT_EQ(ranges.find(pc).is_special(), is_in_one) << "round " << round << ", pc 0x" << std::hex << pc;
    }
  }
}

}  // namespace
}  // namespace surefoot::testing
