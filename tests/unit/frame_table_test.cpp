// SPDX-License-Identifier: MIT
//
// What a frame table says of an instruction: every way of writing a row, and the rule that it is.
#include "surefoot/frame_table.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <ostream>
#include <string>

#include "support/code_map.hpp"
#include "support/frame_table_section.hpp"

namespace surefoot {

static void PrintTo(const Rule& rule, std::ostream* out) {
  *out << "pc from " << static_cast<int>(rule.pc) << " + " << rule.offset << ", fp + " << rule.fp_offset << ", base "
       << static_cast<int>(rule.base) << ", cfa + " << rule.cfa_offset;
}

namespace testing {
namespace {

constexpr std::uint64_t start = code::function(1);
constexpr std::uint32_t size = code::function_size;

FrameTable table_of(const SectionBytes& section, std::uint64_t address = SectionForm{}.address) {
  return FrameTable::make(section, address).value();
}

// The rule of the only row of a function.
Rule rule_of(const SectionRow& row) {
  const SectionBytes section = make_section({{.start = start, .size = size, .rows = {row}}});
  return table_of(section).find(start);
}

constexpr Rule by_link_register(std::int32_t cfa) {
  return {.pc = From::link_register, .base = Base::sp, .cfa_offset = cfa};
}

TEST(FrameTable, WithoutFunctionsFindsNothingInWhatLiesWhereTheyWouldBe) {
  SectionBytes section = make_section({{.start = start, .size = size, .rows = {{.words = {0}}}}});
  EXPECT_EQ(table_of(section).find(start), by_link_register(0));
  put(section, 8, 4, 0);  // the number of functions
  EXPECT_EQ(table_of(section).find(start), Rule{});
}

TEST(FrameTableRow, WithOneWordLeavesBothInTheirRegisters) {  // E1, E14: before the record is made, and after
  EXPECT_EQ(rule_of({.words = {0}}), by_link_register(0));
  EXPECT_EQ(rule_of({.words = {32}}), by_link_register(32));
}

TEST(FrameTableRow, WithTwoWordsSavesTheReturnAddressOnly) {
  EXPECT_EQ(rule_of({.words = {16, -16}}),
            (Rule{.pc = From::saved_pc, .base = Base::sp, .offset = 0, .cfa_offset = 16}));
}

TEST(FrameTableRow, WithThreeWordsSavesThePair) {
  EXPECT_EQ(rule_of({.words = {48, -24, -32}}),
            (Rule{.pc = From::saved_pair, .base = Base::sp, .offset = 24, .fp_offset = 16, .cfa_offset = 48}));
  EXPECT_EQ(rule_of({.base = Base::fp, .words = {48, -40, -48}}),
            (Rule{.pc = From::saved_pair, .base = Base::fp, .offset = 8, .fp_offset = 0, .cfa_offset = 48}));
}

TEST(FrameTableRow, WithoutWordsHasNoCaller) {
  EXPECT_EQ(rule_of({.words = {}}), Rule{.pc = From::final_record});
  EXPECT_EQ(rule_of({.base = Base::fp, .words = {}}), Rule{.pc = From::final_record});
}

// A function that keeps its caller's fp in x29 cannot have its own frame there.
TEST(FrameTableRow, WithAFramePointerThatIsTheCallersHasNoRule) {
  EXPECT_EQ(rule_of({.base = Base::fp, .words = {16}}), Rule{});
  EXPECT_EQ(rule_of({.base = Base::fp, .words = {16, -8}}), Rule{});
}

TEST(FrameTableRow, WithMoreWordsThanTheFormatDefinesHasNoRule) {
  EXPECT_EQ(rule_of({.words = {16, -8, -16, 0}}), Rule{});
  EXPECT_EQ(rule_of({.words = std::vector<std::int32_t>(15)}), Rule{});
}

TEST(FrameTableRow, SaysNothingElseWhenTheReturnAddressIsSigned) {  // C8: the walk strips it
  EXPECT_EQ(rule_of({.words = {0}, .is_signed = true}), by_link_register(0));
  EXPECT_EQ(rule_of({.words = {16, -8, -16}, .is_signed = true}), rule_of({.words = {16, -8, -16}}));
}

TEST(FrameTableRow, HasWordsOfOneTwoOrFourBytes) {
  struct Case {
    unsigned width;
    std::int32_t low, high;
  };
  for (const Case& c : {Case{1, -128, 127}, Case{2, -32'768, 32'767}, Case{4, INT32_MIN, INT32_MAX}}) {
    SCOPED_TRACE(c.width);
    for (const std::int32_t cfa : {c.low, -1, 0, 1, c.high}) {
      EXPECT_EQ(rule_of({.words = {cfa}, .word_width = c.width}), by_link_register(cfa));
    }
    const Rule pair = rule_of({.words = {c.high, c.low, -8}, .word_width = c.width});
    EXPECT_EQ(pair.pc, From::saved_pair);
    EXPECT_EQ(pair.offset, -1);
    EXPECT_EQ(pair.fp_offset, c.high - 8);
  }
}

TEST(FrameTableRow, WithASlotThatNoOffsetReachesHasNoRule) {
  EXPECT_EQ(rule_of({.words = {INT32_MAX, 0, 1}, .word_width = 4}), Rule{});
  EXPECT_EQ(rule_of({.words = {INT32_MAX, 1, 0}, .word_width = 4}), Rule{});
  EXPECT_EQ(rule_of({.words = {INT32_MIN, -1, 0}, .word_width = 4}), Rule{});
  EXPECT_EQ(rule_of({.words = {INT32_MIN, -1}, .word_width = 4}), Rule{});
  EXPECT_TRUE(rule_of({.words = {INT32_MAX, 0, 0}, .word_width = 4}).is_known());
}

TEST(FrameTableFunction, HasRowAddressesOfOneTwoOrFourBytes) {
  struct Case {
    unsigned width;
    std::uint32_t size;
    std::uint64_t last_start;
  };
  for (const Case& c : {Case{1, 0x100, 0xfc}, Case{2, 0x1'0000, 0xfffc}, Case{4, 0x1'0010, 0x1'0004}}) {
    SCOPED_TRACE(c.width);
    const SectionBytes section =
        make_section({{.start = start,
                       .size = c.size,
                       .rows = {{.start = 0, .words = {0}}, {.start = c.last_start, .words = {16}}},
                       .address_width = c.width}});
    const FrameTable table = table_of(section);
    EXPECT_EQ(table.find(start), by_link_register(0));
    EXPECT_EQ(table.find(start + c.last_start - 4), by_link_register(0));
    EXPECT_EQ(table.find(start + c.last_start), by_link_register(16));
  }
}

TEST(FrameTableFunction, WithoutRowsHasNoCaller) {
  const SectionBytes section = make_section({{.start = start, .size = size}});
  EXPECT_EQ(table_of(section).find(start + size - 4), Rule{.pc = From::final_record});
}

TEST(FrameTableFunction, HoldsEachRowUpToTheNext) {
  const SectionBytes section = make_section({{.start = start,
                                              .size = size,
                                              .rows = {{.start = 0, .words = {0}},
                                                       {.start = 4, .words = {16}},
                                                       {.start = 12, .words = {16, -8, -16}},
                                                       {.start = 0xf0, .words = {0}}}}});
  const FrameTable table = table_of(section);
  for (std::uint64_t offset = 0; offset < size; ++offset) {
    SCOPED_TRACE(offset);
    const Rule rule = table.find(start + offset);
    if (offset >= 12 && offset < 0xf0) {
      EXPECT_EQ(rule.pc, From::saved_pair);
    } else {
      EXPECT_EQ(rule, by_link_register(offset >= 4 && offset < 12 ? 16 : 0));
    }
  }
}

TEST(FrameTableFunction, HasNoRuleBeforeItsFirstRow) {
  const SectionBytes section = make_section({{.start = start, .size = size, .rows = {{.start = 8, .words = {0}}}}});
  EXPECT_EQ(table_of(section).find(start + 7), Rule{});
  EXPECT_EQ(table_of(section).find(start + 8), by_link_register(0));
}

TEST(FrameTableFunction, OfRepeatedBlocksIsLookedUpModuloTheirSize) {  // C5: a procedure linkage table
  const SectionBytes section = make_section({{.start = start,
                                              .size = 0x40,
                                              .rows = {{.start = 0, .words = {0}}, {.start = 8, .words = {16}}},
                                              .info = info_masked,
                                              .block_size = 16}});
  for (std::uint64_t offset = 0; offset < 0x40; offset += 4) {
    EXPECT_EQ(table_of(section).find(start + offset), by_link_register(offset % 16 < 8 ? 0 : 16)) << offset;
  }
  EXPECT_EQ(table_of(section).find(start + 0x40), Rule{});
}

TEST(FrameTableFunction, MayUseEitherKey) {
  const SectionBytes section =
      make_section({{.start = start, .size = size, .rows = {{.words = {0}}}, .info = info_key_b}});
  EXPECT_EQ(table_of(section).find(start), by_link_register(0));
}

// Three functions, the second and third adjacent; each row's CFA tells them apart.
std::vector<SectionFunction> three_functions() {
  return {{.start = code::function(1), .size = 0x20, .rows = {{.words = {16}}}},
          {.start = code::function(2), .size = 0x100, .rows = {{.words = {32}}}},
          {.start = code::function(3), .size = 0x10, .rows = {{.words = {48}}}}};
}

void expect_three_functions(const FrameTable& table) {
  struct Case {
    std::uint64_t pc;
    std::int32_t cfa;  // 0: in none
  };
  const Case cases[] = {
      {0, 0},
      {code::function(1) - 1, 0},
      {code::function(1), 16},
      {code::function(1) + 0x1f, 16},
      {code::function(1) + 0x20, 0},
      {code::function(2) - 1, 0},
      {code::function(2), 32},
      {code::function(3) - 1, 32},
      {code::function(3), 48},
      {code::function(3) + 0xf, 48},
      {code::function(3) + 0x10, 0},
      {~std::uint64_t{0}, 0},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(table.find(c.pc), c.cfa == 0 ? Rule{} : by_link_register(c.cfa)) << std::hex << c.pc;
  }
}

TEST(FrameTable, FindsTheFunctionThatAnAddressIsIn) {  // C10
  const SectionBytes section = make_section(three_functions());
  expect_three_functions(table_of(section));
}

TEST(FrameTable, MayLieAboveOrBelowItsCode) {
  for (const std::uint64_t address : {std::uint64_t{0}, code::text_start - 0x1001, code::text_end + 0x7fff'ffff'0000}) {
    for (const unsigned flags : {0U, flag_sorted, flag_field_relative, flag_sorted | flag_field_relative}) {
      SCOPED_TRACE(::testing::Message() << std::hex << address << ", flags " << flags);
      const SectionBytes section = make_section(three_functions(), {.address = address, .flags = flags});
      expect_three_functions(table_of(section, address));
    }
  }
}

TEST(FrameTable, MayBeLaidOutInAnyOrder) {
  const SectionForm forms[] = {
      {.auxiliary_size = 1},
      {.auxiliary_size = 255},
      {.gap_before_index = 4, .gap_before_rows = 3},
      {.auxiliary_size = 8, .gap_before_index = 1, .gap_before_rows = 1, .is_rows_first = true}};
  for (const SectionForm& form : forms) {
    SCOPED_TRACE(::testing::Message() << form.auxiliary_size << ' ' << form.gap_before_index);
    expect_three_functions(table_of(make_section(three_functions(), form)));
  }
}

TEST(FrameTable, MayLieAtAnyByte) {
  for (std::size_t shift = 0; shift < 8; ++shift) {
    SCOPED_TRACE(shift);
    SectionBytes section = make_section(three_functions());
    section.insert(section.begin(), shift, std::byte{0xa5});
    expect_three_functions(FrameTable::make(std::span(section).subspan(shift), SectionForm{}.address).value());
  }
}

TEST(FrameTable, MayBeLongerThanItsContents) {
  SectionBytes section = make_section(three_functions());
  section.resize(section.size() + 7);
  expect_three_functions(table_of(section));
}

TEST(FrameTable, ListsItsFunctions) {
  const std::vector<SectionFunction> functions{{.start = start, .size = 8}, {.start = start + 0x20, .size = 4}};
  for (const unsigned flags : {flag_sorted, flag_sorted | flag_field_relative}) {
    for (const std::uint64_t address : {start - 0x1001, start + 0x1000}) {
      SCOPED_TRACE(::testing::Message() << flags << " at " << address);
      const SectionBytes section = make_section(functions, {.address = address, .flags = flags});
      const FrameTable table = table_of(section, address);
      ASSERT_EQ(table.function_count(), functions.size());
      for (std::uint32_t i = 0; i < functions.size(); ++i) {
        EXPECT_EQ(table.function(i).start(), functions[i].start);
        EXPECT_EQ(table.function(i).end(), functions[i].start + functions[i].size);
      }
    }
  }
  EXPECT_EQ(FrameTable().function_count(), 0U);
}

TEST(FrameTable, WithoutFunctionsHasNoRule) {
  const SectionBytes section = make_section({});
  EXPECT_EQ(section.size(), header_size);
  EXPECT_EQ(table_of(section).find(start), Rule{});
}

TEST(FrameTable, PassesOverAFunctionOfNoSize) {
  const SectionBytes section = make_section({{.start = start, .size = 0},
                                             {.start = start, .size = 8, .rows = {{.words = {16}}}},
                                             {.start = start + 8, .size = 0},
                                             {.start = start + 8, .size = 0},
                                             {.start = start + 8, .size = 8, .rows = {{.words = {32}}}},
                                             {.start = start + 16, .size = 0}});
  const FrameTable table = table_of(section);
  EXPECT_EQ(table.find(start), by_link_register(16));
  EXPECT_EQ(table.find(start + 4), by_link_register(16));
  EXPECT_EQ(table.find(start + 8), by_link_register(32));
  EXPECT_EQ(table.find(start + 12), by_link_register(32));
  EXPECT_EQ(table.find(start + 16), Rule{});
}

// Producers may store equal descriptions once.
TEST(FrameTable, MayLetFunctionsShareADescription) {
  SectionBytes section = make_section({{.start = code::function(1), .size = 8, .rows = {{.words = {16}}}},
                                       {.start = code::function(2), .size = 8, .rows = {{.words = {32}}}}});
  put(section, entry_at(1) + 12, 4, 0);
  EXPECT_EQ(table_of(section).find(code::function(2)), by_link_register(16));
}

}  // namespace
}  // namespace testing
}  // namespace surefoot
