// SPDX-License-Identifier: MIT
//
// Frame tables that are refused, each for its reason, and functions of which nothing is believed.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "support/code_map.hpp"
#include "support/frame_table_section.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::testing {
namespace {

using enum FrameTableFault;

constexpr std::uint64_t start = code::function(1);
constexpr std::uint64_t address = SectionForm{}.address;

std::vector<SectionFunction> two_functions() {
  return {{.start = start, .size = 0x20, .rows = {{.words = {0}}, {.start = 8, .words = {16, -8, -16}}}},
          {.start = start + 0x20, .size = 0x20, .rows = {{.words = {32}}}}};
}

// The reason for which a section is refused, or "none".
std::string refusal(const SectionBytes& section) {
  const GuardedBytes guarded(section);
  const auto table = FrameTable::make(guarded.span(), address);
  return table ? "none" : to_string(table.error().code);
}

// The reason after the bytes at one place were changed.
std::string refusal_with(std::size_t at, std::size_t width, std::uint64_t value) {
  SectionBytes section = make_section(two_functions());
  put(section, at, width, value);
  return refusal(section);
}

TEST(FrameTableRefusal, IsOfWhatIsNoSframe) {
  EXPECT_EQ(refusal(make_section(two_functions())), "none");
  EXPECT_EQ(refusal_with(0, 2, 0), "not_sframe");
  EXPECT_EQ(refusal_with(0, 2, 0xdee3), "not_sframe");
  EXPECT_EQ(refusal(SectionBytes(64)), "not_sframe");
}

TEST(FrameTableRefusal, IsOfTheOtherByteOrder) {
  EXPECT_EQ(refusal_with(0, 2, 0xe2de), "other_byte_order");
  EXPECT_EQ(refusal_with(0x04, 1, 1), "other_architecture");  // AArch64, but big-endian
}

TEST(FrameTableRefusal, NamesTheVersion) {
  struct Case {
    unsigned version;
    const char* reason;
  };
  for (const Case& c : {Case{0, "unknown_version"}, Case{1, "version_1"}, Case{2, "version_2"}, Case{3, "none"},
                        Case{4, "unknown_version"}, Case{255, "unknown_version"}}) {
    EXPECT_EQ(refusal_with(0x02, 1, c.version), c.reason) << c.version;
  }
}

// A whole section of GNU binutils 2.40, which is version 1, is longer than this: its version is told from four bytes.
TEST(FrameTableRefusal, NamesTheVersionOfAShortSection) {
  SectionBytes section = make_section({});
  put(section, 0x02, 1, 1);
  section.resize(4);
  EXPECT_EQ(refusal(section), "version_1");
}

TEST(FrameTableRefusal, IsOfFlagsThatThisVersionDoesNotHave) {
  for (unsigned flags = 0; flags < 0x100; ++flags) {
    const bool is_known = (flags & ~(flag_sorted | flag_field_relative)) == 0;
    EXPECT_EQ(refusal(make_section(two_functions(), {.flags = flags})), is_known ? "none" : "unknown_flags") << flags;
  }
}

TEST(FrameTableRefusal, IsOfAnotherArchitecture) {
  for (const unsigned abi : {0U, 1U, 3U, 4U, 255U}) EXPECT_EQ(refusal_with(0x04, 1, abi), "other_architecture") << abi;
}

TEST(FrameTableRefusal, IsOfPartsThatAreNotThere) {
  const std::size_t size = make_section(two_functions()).size();
  const std::uint64_t rows_size = size - entry_at(2);
  struct Case {
    std::size_t at;
    std::size_t width;
    std::uint64_t value;
  };
  const Case cases[] = {
      {0x07, 1, 0xff},                 // an auxiliary header that goes beyond the section
      {0x07, 1, 1},                    // and one that moves the parts beyond it
      {0x08, 4, 0xffff'ffff},          // functions
      {0x08, 4, 0x1000'0000},          // 16 of them would wrap in 32 bits
      {0x10, 4, 0xffff'ffff},          // rows
      {0x10, 4, rows_size + 1},        //
      {0x14, 4, 0xffff'ffff},          // where the index is
      {0x14, 4, 0xffff'fff0},          //
      {0x14, 4, rows_size + 1},        //
      {0x18, 4, 0xffff'ffff},          // where the rows are
      {0x18, 4, 2 * 16 + 1},           //
      {0x18, 4, 0xffff'ffff - 0x100},  //
  };
  for (const Case& c : cases) {
    EXPECT_EQ(refusal_with(c.at, c.width, c.value), "truncated") << std::hex << c.at << ": " << c.value;
  }
}

TEST(FrameTableRefusal, IsOfASectionThatIsCutAnywhere) {
  const SectionBytes section = make_section(two_functions());
  for (std::size_t size = 0; size < section.size(); ++size) {
    EXPECT_EQ(refusal({section.begin(), section.begin() + static_cast<std::ptrdiff_t>(size)}), "truncated") << size;
  }
}

TEST(FrameTableRefusal, IsOfAnIndexThatIsOutOfOrder) {  // C9, for the other table
  std::vector<SectionFunction> functions = two_functions();
  std::swap(functions[0], functions[1]);
  EXPECT_EQ(refusal(make_section(functions)), "unsorted");
  EXPECT_EQ(refusal(make_section(functions, {.flags = flag_field_relative})), "unsorted");
  EXPECT_EQ(refusal(make_section(functions, {.flags = 0})), "unsorted");
}

TEST(FrameTableRefusal, IsOfFunctionsThatOverlap) {
  std::vector<SectionFunction> functions = two_functions();
  functions[0].size = 0x21;
  EXPECT_EQ(refusal(make_section(functions)), "unsorted");
  functions[0].size = 0x20;
  functions[1].start = functions[0].start;
  EXPECT_EQ(refusal(make_section(functions)), "unsorted");
  functions[1].size = 0;  // within the other one
  functions[1].start = functions[0].start + 4;
  EXPECT_EQ(refusal(make_section(functions)), "unsorted");
}

TEST(FrameTableRefusal, IsOfAFunctionThatWrapsRound) {
  std::vector<SectionFunction> functions = two_functions();
  functions[1].start = ~std::uint64_t{0} - 0x1f;
  functions[1].size = 0x1f;
  EXPECT_EQ(refusal(make_section(functions)), "none");
  functions[1].size = 0x20;
  EXPECT_EQ(refusal(make_section(functions)), "unsorted");
  functions[1].size = 0xffff'ffff;
  EXPECT_EQ(refusal(make_section(functions)), "unsorted");
}

// A function of which a part is wrong has no rule anywhere; the one after it keeps its own.
void expect_no_rule(SectionFunction function, const std::string& what) {
  SCOPED_TRACE(what);
  function.start = start;
  function.size = 0x20;
  const SectionBytes section =
      make_section({function, {.start = start + 0x20, .size = 0x20, .rows = {{.words = {32}}}}});
  const FrameTable table = FrameTable::make(section, address).value();
  for (std::uint64_t offset = 0; offset < 0x20; ++offset) EXPECT_EQ(table.find(start + offset), Rule{}) << offset;
  EXPECT_EQ(table.find(start + 0x20).cfa_offset, 32);
}

TEST(FrameTableFunctionWithoutRule, IsOneThatTheFormatDoesNotDefine) {
  const std::vector<SectionRow> rows = {{.words = {0}}};
  expect_no_rule({.rows = rows, .address_width = 8}, "row address width");
  expect_no_rule({.rows = rows, .info = info_unknown}, "info");
  expect_no_rule({.rows = rows, .info = info_signal_frame}, "signal frame");
  expect_no_rule({.rows = rows, .type = 1}, "flexible type");
  expect_no_rule({.rows = rows, .type = 2}, "unknown type");
  expect_no_rule({.rows = rows, .type = 0x20}, "unknown bit beside the type");
  expect_no_rule({.rows = rows, .info = info_masked}, "blocks of no size");
  for (const unsigned code : {4U, 8U, 12U}) expect_no_rule({.rows = rows, .info = code}, "row address width code");
  expect_no_rule({.info = info_unknown}, "no rows");
  expect_no_rule({.type = 1}, "no rows, flexible type");
}

TEST(FrameTableFunctionWithoutRule, IsOneWithACorruptRow) {
  expect_no_rule({.rows = {{.words = {0}}, {.start = 4, .words = {0}, .word_width = 8}}}, "word width");
  expect_no_rule({.rows = {{.words = {0}}, {.start = 8, .words = {16}}, {.start = 4, .words = {0}}}}, "falling");
  expect_no_rule({.rows = {{.words = {0}}, {.start = 8, .words = {16}}, {.start = 8, .words = {0}}}}, "twice");
  expect_no_rule({.rows = {{.words = {0}}, {.start = 0x20, .words = {16}}}}, "beyond the function");
  expect_no_rule({.rows = {{.words = {0}}, {.start = 16, .words = {16}}}, .info = info_masked, .block_size = 16},
                 "beyond the block");
}

// A row with more words than are defined is whole, so that the rows around it can still be told.
TEST(FrameTableFunctionWithoutRule, IsOnlyARowOfOneThatCanStillBeRead) {
  const SectionBytes section = make_section(
      {{.start = start,
        .size = 0x20,
        .rows = {{.words = {0}}, {.start = 8, .words = {16, -8, -16, 0, 0}}, {.start = 16, .words = {16, -8, -16}}}}});
  const FrameTable table = FrameTable::make(section, address).value();
  EXPECT_EQ(table.find(start + 4).pc, From::link_register);
  EXPECT_EQ(table.find(start + 8), Rule{});
  EXPECT_EQ(table.find(start + 12), Rule{});
  EXPECT_EQ(table.find(start + 16).pc, From::saved_pair);
}

// Each field that tells how much follows, too large: the description goes on where the rows end, and with them the
// block.
TEST(FrameTableFunctionWithoutRule, IsOneThatGoesBeyondTheRows) {
  const SectionBytes whole =
      make_section({{.start = start, .size = 0x20, .rows = {{.words = {0}}, {.start = 8, .words = {16, -8, -16}}}}});
  const std::size_t rows_at = entry_at(1);
  const std::uint64_t rows_size = whole.size() - rows_at;
  const auto expect_none = [](const SectionBytes& section) {
    const GuardedBytes guarded(section);
    const FrameTable table = FrameTable::make(guarded.span(), address).value();
    for (std::uint64_t offset = 0; offset < 0x20; offset += 4) EXPECT_EQ(table.find(start + offset), Rule{});
  };
  struct Case {
    std::size_t at;
    std::size_t width;
    std::uint64_t value;
  };
  const Case cases[] = {
      {rows_at, 2, 3},           // one more row
      {rows_at, 2, 0xffff},      //
      {rows_at + 9, 1, 0x09},    // of the last row: one more word
      {rows_at + 9, 1, 0x27},    // wider words
      {rows_at + 9, 1, 0x5f},    // as many and as wide as there can be
      {40, 4, 0xffff'ffff},      // where the description is
      {40, 4, rows_size - 4},    //
      {40, 4, rows_size - 1},    //
      {40, 4, rows_size},        //
      {40, 4, rows_size + 1},    //
      {0x10, 4, rows_size - 1},  // the rows, within the section
      {0x10, 4, 0},              //
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << "at " << c.at << ": " << c.value);
    SectionBytes section = whole;
    put(section, c.at, c.width, c.value);
    expect_none(section);
  }
  for (std::uint64_t size = 0; size < rows_size; ++size) {
    SCOPED_TRACE(::testing::Message() << "cut to " << size << " bytes of rows");
    SectionBytes section = whole;
    put(section, 0x10, 4, size);
    section.resize(rows_at + size);
    expect_none(section);
  }
}

}  // namespace
}  // namespace surefoot::testing
