// SPDX-License-Identifier: MIT
//
// Tables of SFrame version 2: those of GNU as 2.44 beside what its objdump prints of them (tests/fixtures/sframe2), and
// made ones for what it does not write.
#include "sframe/version_2.hpp"

#include <gtest/gtest.h>

#include <string>

#include "cli/sframe2_report.hpp"
#include "objdump_text.hpp"
#include "support/elf_builder.hpp"
#include "support/parameter_name.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;

class Version2 : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(, Version2, ::testing::Values("clang-O2-pac", "gcc-O2", "gcc-O2-key-b"),
                         surefoot::testing::parameter_name);

TEST_P(Version2, SaysTheSameInVersion3) {
  const std::string path = std::string(SUREFOOT_TEST_FIXTURES "/sframe2/") + GetParam();
  const auto theirs = testing::read_objdump_text(path + ".sframe.txt");
  const Image image = Image::open(path + ".elf").value();
  const auto table = convert_sframe2(image, {});
  ASSERT_TRUE(table) << table.error();
  EXPECT_EQ(table->before.unusable, 0U);
  EXPECT_EQ(table->before.functions.size(), theirs.size());
  const auto checked = FrameTable::make(table->section.bytes, table->address);
  ASSERT_TRUE(checked);
  std::size_t instructions = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const FunctionRows& function = theirs[i];
    EXPECT_EQ(table->before.functions[i].start, function.start);
    EXPECT_EQ(table->before.functions[i].has_key_b, function.has_key_b);
    EXPECT_EQ(table->before.functions[i].rows, function.rows) << std::hex << function.start;
    for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
      ++instructions;
      EXPECT_TRUE(checked->find(pc).is_known());
    }
  }
  EXPECT_GT(instructions, 100U);
}

constexpr std::uint64_t section_at = 0x8000;
constexpr CodeStretch code[] = {{0x1000, 0x1100}, {0x2000, 0x2040}};

struct Entry {
  std::uint64_t start = 0x1000;
  std::uint64_t size = 16;
  std::uint64_t rows_at = 0;
  std::uint64_t row_count = 1;
  std::uint64_t info = 0;
  std::uint64_t block = 0;
};

Bytes table_of(std::initializer_list<Entry> entries, const Bytes& rows, std::uint64_t flags = 1) {
  Bytes bytes;
  surefoot::testing::append(bytes, 0xdee2, 2);
  surefoot::testing::append(bytes, 2, 1);
  surefoot::testing::append(bytes, flags, 1);
  surefoot::testing::append(bytes, 2, 1);
  surefoot::testing::append(bytes, 0, 3);
  surefoot::testing::append(bytes, entries.size(), 4);
  surefoot::testing::append(bytes, 0, 4);
  surefoot::testing::append(bytes, rows.size(), 4);
  surefoot::testing::append(bytes, 0, 4);
  surefoot::testing::append(bytes, entries.size() * 20, 4);
  for (const Entry& entry : entries) {
    const std::uint64_t base = (flags & 4) != 0 ? section_at + bytes.size() : section_at;
    surefoot::testing::append(bytes, entry.start - base, 4);
    surefoot::testing::append(bytes, entry.size, 4);
    surefoot::testing::append(bytes, entry.rows_at, 4);
    surefoot::testing::append(bytes, entry.row_count, 4);
    surefoot::testing::append(bytes, entry.info, 1);
    surefoot::testing::append(bytes, entry.block, 1);
    surefoot::testing::append(bytes, 0, 2);
  }
  bytes.insert(bytes.end(), rows.begin(), rows.end());
  return bytes;
}

Bytes numbers(std::initializer_list<int> bytes) {
  Bytes result;
  for (const int byte : bytes) result.push_back(static_cast<std::byte>(byte));
  return result;
}

SframeVersion2 read(const Bytes& section) { return read_sframe_version_2(section, section_at, code).value(); }

constexpr int sp_one_word = 0x03;
constexpr Row entry_row{};
constexpr Row row_of(std::int32_t cfa) { return {.cfa = cfa}; }

using Rows = std::vector<std::optional<Row>>;

TEST(Version2Table, CountsStartsFromTheSectionOrFromTheField) {
  for (const std::uint64_t flags : {1U, 5U}) {
    const SframeVersion2 table =
        read(table_of({{.start = 0x1010}, {.start = 0x2000}}, numbers({0, sp_one_word, 16}), flags));
    ASSERT_EQ(table.functions.size(), 2U);
    EXPECT_EQ(table.functions[0].start, 0x1010U);
    EXPECT_EQ(table.functions[1].start, 0x2000U);
    EXPECT_EQ(table.functions[1].rows, Rows(4, row_of(16)));
  }
}

TEST(Version2Table, RepeatsThePatternOfABlock) {
  const Bytes rows = numbers({0, sp_one_word, 0, 4, sp_one_word, 16});
  const SframeVersion2 table = read(table_of({{.size = 32, .row_count = 2, .info = 0x10, .block = 16}}, rows));
  ASSERT_EQ(table.functions.size(), 1U);
  const Rows block = {entry_row, row_of(16), row_of(16), row_of(16)};
  EXPECT_EQ(table.functions[0].rows,
            Rows({block[0], block[1], block[2], block[3], block[0], block[1], block[2], block[3]}));
}

TEST(Version2Table, ReadsWordsOfAllWidths) {
  Bytes rows;
  surefoot::testing::append(rows, 0, 2);
  surefoot::testing::append(rows, 0x27, 1);  // sp, three words of two bytes
  for (const int word : {1000, -8, -16}) surefoot::testing::append(rows, static_cast<std::uint64_t>(word), 2);
  surefoot::testing::append(rows, 8, 2);
  surefoot::testing::append(rows, 0xc5, 1);  // sp, two words of four bytes, signed
  for (const int word : {100'000, -100'000}) surefoot::testing::append(rows, static_cast<std::uint64_t>(word), 4);
  const SframeVersion2 table = read(table_of({{.row_count = 2, .info = 0x21}}, rows));
  ASSERT_EQ(table.functions.size(), 1U);
  EXPECT_TRUE(table.functions[0].has_key_b);
  EXPECT_EQ(table.functions[0].rows[0],
            (Row{.where = Row::Where::stack, .base = Row::Base::sp, .cfa = 1000, .ra = -8, .fp = -16}));
  EXPECT_EQ(
      table.functions[0].rows[2],
      (Row{
          .where = Row::Where::lr_on_stack, .base = Row::Base::sp, .is_signed = true, .cfa = 100'000, .ra = -100'000}));
}

TEST(Version2Table, GivesNoRuleWhereX29IsTheBaseAndTheCallersAtOnce) {
  const SframeVersion2 table = read(table_of({{.row_count = 2}}, numbers({0, 0x02, 16, 4, 0x04, 16, 0xf8})));
  ASSERT_EQ(table.functions.size(), 1U);
  EXPECT_EQ(table.undefined_rows, 2U);
  for (const std::optional<Row>& row : table.functions[0].rows) EXPECT_FALSE(row.has_value());
}

TEST(Version2Table, GivesNoRuleWhereASlotIsTooFarAway) {
  std::vector<std::byte> rows;
  surefoot::testing::append(rows, 0, 1);
  surefoot::testing::append(rows, 0x45, 1);  // sp, two words of four bytes
  for (int i = 0; i < 2; ++i) surefoot::testing::append(rows, 0x7fffffff, 4);
  const SframeVersion2 table = read(table_of({{.row_count = 1}}, rows));
  ASSERT_EQ(table.functions.size(), 1U);
  EXPECT_EQ(table.undefined_rows, 1U);
}

TEST(Version2Table, GivesNoRuleWhereItIsNotKnownWhatARowMeans) {
  const SframeVersion2 table = read(table_of({{.row_count = 3}}, numbers({0, 0x01, 4, 0x09, 1, 2, 3, 4, 8, 3, 0})));
  ASSERT_EQ(table.functions.size(), 1U);
  EXPECT_EQ(table.undefined_rows, 2U);
  EXPECT_EQ(table.functions[0].rows, Rows({std::nullopt, std::nullopt, entry_row, entry_row}));
}

TEST(Version2Table, LeavesOutWhatCannotBeTrue) {
  const Bytes good = numbers({0, sp_one_word, 0});
  const struct {
    const char* what;
    Entry entry;
    Bytes rows;
  } cases[] = {
      {"no code there", {.start = 0x3000}, good},
      {"goes beyond its code", {.start = 0x2000, .size = 0x44}, good},
      {"as long as all memory", {.size = 0xffff'fffc}, good},
      {"not whole instructions", {.size = 14}, good},
      {"misaligned", {.start = 0x1002}, good},
      {"empty", {.size = 0}, good},
      {"a block of no bytes", {.info = 0x10}, good},
      {"an unknown width of addresses", {.info = 0x03}, good},
      {"rows beyond the section", {.rows_at = 4}, good},
      {"more rows than there are", {.row_count = 2}, good},
      {"an unknown width of words", {}, numbers({0, 0x63, 0, 0, 0, 0, 0, 0, 0, 0})},
      {"rows out of order", {.row_count = 2}, numbers({4, 3, 0, 4, 3, 0})},
      {"a row behind the function", {.row_count = 2}, numbers({0, 3, 0, 16, 3, 0})},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    const SframeVersion2 table = read(table_of({c.entry, {.start = 0x2010, .row_count = 0}}, c.rows));
    EXPECT_EQ(table.unusable, 1U);
    EXPECT_EQ(table.functions.size(), 1U);
  }
  const SframeVersion2 overlapping = read(table_of({{.start = 0x1000}, {.start = 0x1008}}, good));
  EXPECT_EQ(overlapping.unusable, 1U);
}

TEST(Version2Table, IsRefusedByNameIfItIsNone) {
  const Bytes good = table_of({{}}, numbers({0, sp_one_word, 0}));
  const auto error = [&good](std::size_t at, int byte) {
    Bytes section = good;
    section[at] = static_cast<std::byte>(byte);
    const auto table = read_sframe_version_2(section, section_at, code);
    return table ? "" : table.error();
  };
  EXPECT_TRUE(error(2, 1).starts_with("SFrame version 1, of GNU binutils 2.40"));
  EXPECT_EQ(error(2, 3), "SFrame version 3 already: nothing is to be converted");
  EXPECT_EQ(error(2, 4), "SFrame version 4, which nobody here knows");
  EXPECT_EQ(error(3, 9), "unknown flags 0x9");
  EXPECT_EQ(error(4, 1), "not for AArch64, little-endian");
  EXPECT_TRUE(error(5, 8).contains("not on AArch64"));
  EXPECT_EQ(error(0, 0), "no SFrame section");
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(read_sframe_version_2(std::span(good).first(size), section_at, code)) << size;
  }
}

}  // namespace
}  // namespace surefoot::tools
