// SPDX-License-Identifier: MIT
#include "sframe/writer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "sframe_decoder.hpp"
#include "support/random_source.hpp"
#include "surefoot/frame_table.hpp"

namespace surefoot::tools {
namespace {

using testing::decode_sframe;
using testing::DecodedFunction;
using testing::DecodedTable;

constexpr std::uint64_t code = 0xffff800040200000;
constexpr std::uint64_t table_address = 0xffff800040300000;
constexpr std::size_t header_size = 28;
constexpr std::size_t index_entry_size = 16;
constexpr std::size_t attribute_size = 5;

constexpr Row registers(std::int32_t cfa) { return {.cfa = cfa}; }
constexpr Row on_stack(std::int32_t cfa) {
  return {.where = Row::Where::stack, .base = Row::Base::fp, .cfa = cfa, .ra = 8 - cfa, .fp = -cfa};
}
constexpr Row no_caller{.where = Row::Where::nowhere};

using Rules = std::vector<std::optional<Row>>;

FunctionRows function(std::uint64_t start, Rules rules) {
  const std::uint64_t end = start + 4 * rules.size();
  return {.start = start, .end = end, .rows = std::move(rules)};
}

SframeSection write(const std::vector<FunctionRows>& functions, std::uint64_t address = table_address) {
  auto section = write_sframe(functions, address);
  if (!section) {
    throw std::runtime_error(section.error());
  }
  return std::move(*section);
}

/// Bytes of the row part: all but the header and the index.
std::size_t row_bytes(const SframeSection& section) {
  return section.bytes.size() - header_size - index_entry_size * section.statistics.functions;
}

/// What a walk has to do by the row.
Rule rule_of(const std::optional<Row>& row) {
  if (!row) return {};
  if (row->where == Row::Where::nowhere) return {.pc = From::final_record};
  Rule rule{.base = row->base == Row::Base::sp ? Base::sp : Base::fp, .cfa_offset = row->cfa};
  switch (row->where) {
    case Row::Where::registers: rule.pc = From::link_register; break;
    case Row::Where::lr_on_stack:
      rule.pc = From::saved_pc;
      rule.offset = row->cfa + row->ra;
      break;
    case Row::Where::stack:
      rule.pc = From::saved_pair;
      rule.offset = row->cfa + row->ra;
      rule.fp_offset = row->cfa + row->fp;
      break;
    case Row::Where::nowhere: break;
  }
  return rule;
}

/// By both readers: the plain one, and the one that walks use. Returns what the first one read.
DecodedTable expect_same_rules(const SframeSection& section, const std::vector<FunctionRows>& functions,
                               std::uint64_t address = table_address) {
  DecodedTable table = decode_sframe(section.bytes, address);
  const auto read = FrameTable::make(section.bytes, address);
  EXPECT_TRUE(read) << to_string(read.error().code);
  std::uint64_t previous_end = 0;
  for (const FunctionRows& function : functions) {
    if (function.start > previous_end) {
      EXPECT_FALSE(table.find(function.start - 4));
      EXPECT_FALSE(read->find(function.start - 4).is_known());
    }
    for (std::size_t i = 0; i < function.rows.size(); ++i) {
      const std::uint64_t pc = function.start + 4 * i;
      EXPECT_EQ(table.find(pc), function.rows[i]) << std::hex << pc;
      EXPECT_EQ(read->find(pc), rule_of(function.rows[i])) << std::hex << pc;
    }
    previous_end = function.end;
  }
  if (!functions.empty()) {
    EXPECT_FALSE(table.find(previous_end));
    EXPECT_FALSE(read->find(previous_end).is_known());
  }
  return table;
}

TEST(Writer, StatesEveryRule) {
  const std::vector<FunctionRows> functions{
      function(code, {registers(0), on_stack(32), on_stack(32), registers(0)}),
      function(code + 0x40, {registers(0)}),
  };
  const SframeSection section = write(functions);
  EXPECT_EQ(expect_same_rules(section, functions).header_rows, 4U);
  EXPECT_EQ(section.statistics.rows, 4U);
  EXPECT_EQ(section.statistics.functions, 2U);
}

TEST(Writer, NeedsNoFunctions) {
  const SframeSection section = write({});
  EXPECT_EQ(section.bytes.size(), header_size);
  EXPECT_TRUE(decode_sframe(section.bytes, table_address).functions.empty());
}

TEST(Writer, MergesEqualNeighbours) {
  const SframeSection section = write({function(code, Rules(50, registers(0)))});
  EXPECT_EQ(section.statistics.rows, 1U);
  EXPECT_EQ(row_bytes(section), attribute_size + 3);
}

TEST(Writer, SplitsAFunctionWhereThereIsNoRule) {
  const std::vector<FunctionRows> functions{
      function(code, {std::nullopt, registers(0), registers(16), std::nullopt, std::nullopt, on_stack(16)})};
  const SframeSection section = write(functions);
  const DecodedTable table = expect_same_rules(section, functions);
  ASSERT_EQ(table.functions.size(), 2U);
  EXPECT_EQ(table.functions[0].start, code + 4);
  EXPECT_EQ(table.functions[0].size, 8U);
  EXPECT_EQ(table.functions[1].start, code + 20);
  EXPECT_EQ(table.functions[1].size, 4U);
}

TEST(Writer, LeavesOutAFunctionWithoutRules) {
  const SframeSection section = write({function(code, Rules(4)), function(code + 16, {registers(0)})});
  EXPECT_EQ(decode_sframe(section.bytes, table_address).functions.size(), 1U);
}

TEST(Writer, KeepsAdjacentFunctionsApart) {
  const SframeSection section = write({function(code, {registers(0)}), function(code + 4, {registers(0)})});
  EXPECT_EQ(decode_sframe(section.bytes, table_address).functions.size(), 2U);
}

TEST(Writer, StoresEqualDescriptionsOnce) {
  // The same rows at the same offsets. The last ones hold for a different number of instructions, which the index says.
  const std::vector<FunctionRows> functions{
      function(code, {registers(0), on_stack(32), on_stack(32)}),
      function(code + 0x100, {registers(0), on_stack(32), on_stack(32), on_stack(32)}),
      function(code + 0x200, {registers(0), registers(0), on_stack(32)}),
  };
  const SframeSection section = write(functions);
  const DecodedTable table = expect_same_rules(section, functions);
  EXPECT_EQ(table.functions[0].data, table.functions[1].data);
  EXPECT_NE(table.functions[0].data, table.functions[2].data);
  EXPECT_EQ(section.statistics.shared_descriptions, 1U);
  EXPECT_EQ(table.header_rows, 4U);  // those that are in the section
}

TEST(Writer, UsesTheSmallestWidthOfData) {
  struct Case {
    std::int32_t cfa;
    std::size_t bytes;
  };
  for (const Case& c : std::initializer_list<Case>{{0, 1},
                                                   {127, 1},
                                                   {-128, 1},
                                                   {128, 2},
                                                   {-129, 2},
                                                   {32767, 2},
                                                   {-32768, 2},
                                                   {32768, 4},
                                                   {-32769, 4},
                                                   {std::numeric_limits<std::int32_t>::max(), 4},
                                                   {std::numeric_limits<std::int32_t>::min(), 4}}) {
    SCOPED_TRACE(c.cfa);
    const std::vector<FunctionRows> functions{function(code, {registers(c.cfa)})};
    const SframeSection section = write(functions);
    EXPECT_EQ(row_bytes(section), attribute_size + 2 + c.bytes);
    expect_same_rules(section, functions);
  }
  // One wide word makes its row wide, and no other.
  EXPECT_EQ(row_bytes(write({function(code, {registers(0), on_stack(4096)})})), attribute_size + 3 + 2 + 6);
}

TEST(Writer, UsesTheSmallestWidthOfRowAddresses) {
  struct Case {
    std::size_t instructions;  // before the second row
    std::size_t bytes;
  };
  for (const Case& c : {Case{63, 1}, Case{64, 2}, Case{16383, 2}, Case{16384, 4}}) {
    SCOPED_TRACE(c.instructions);
    Rules rules(c.instructions, registers(0));
    rules.resize(c.instructions + 100, registers(16));  // where a function ends does not matter
    const std::vector<FunctionRows> functions{function(code, rules)};
    const SframeSection section = write(functions);
    EXPECT_EQ(row_bytes(section), attribute_size + 2 * (c.bytes + 2));
    expect_same_rules(section, functions);
  }
}

TEST(Writer, SplitsAFunctionWithMoreRowsThanFit) {
  Rules rules;
  while (rules.size() < 70000) {
    rules.push_back(registers(rules.size() % 2 == 0 ? 0 : 16));
  }
  const SframeSection section = write({function(code, rules)});
  const DecodedTable table = decode_sframe(section.bytes, table_address);
  ASSERT_EQ(table.functions.size(), 2U);
  EXPECT_EQ(table.functions[0].rows.size(), 65535U);
  EXPECT_EQ(table.functions[1].start, code + 4 * 65535);
  EXPECT_EQ(table.functions[1].rows.size(), 70000U - 65535U);
  for (const std::size_t at : {0U, 65534U, 65535U, 69999U}) {
    EXPECT_EQ(table.find(code + 4 * at), rules[at]) << at;
  }
}

TEST(Writer, SaysWhereThereIsNoCaller) {
  const std::vector<FunctionRows> functions{
      function(code, {no_caller, no_caller}),
      function(code + 0x100, {registers(0), no_caller, registers(0)}),
  };
  const SframeSection section = write(functions);
  expect_same_rules(section, functions);
  // The first needs no row at all [sframe].
  EXPECT_EQ(row_bytes(section), attribute_size + attribute_size + 3 + 2 + 3);
  EXPECT_EQ(section.statistics.rows, 3U);
}

TEST(Writer, IgnoresTheNumbersOfARowWithoutCaller) {
  const Row noise{.where = Row::Where::nowhere, .base = Row::Base::fp, .is_signed = true, .cfa = 1, .ra = 2, .fp = 3};
  EXPECT_EQ(write({function(code, {registers(0), no_caller, noise})}).bytes,
            write({function(code, {registers(0), noise, no_caller})}).bytes);
  EXPECT_EQ(write({function(code, {noise, no_caller})}).bytes, write({function(code, {no_caller, no_caller})}).bytes);
}

TEST(Writer, ReachesCodeOnBothSidesAndFarAway) {
  const std::vector<FunctionRows> functions{
      function(0, {registers(0)}),
      function(code, {registers(16)}),
      function(std::uint64_t{0} - 8, {registers(32)}),
  };
  for (const std::uint64_t address : {std::uint64_t{0x1000}, table_address, std::uint64_t{0x8000000000000000}}) {
    SCOPED_TRACE(address);
    expect_same_rules(write(functions, address), functions, address);
  }
}

TEST(Writer, RefusesFunctionsThatAreNotWellFormed) {
  const FunctionRows good = function(code, {registers(0), registers(0)});
  const FunctionRows overlapping = function(code + 4, {registers(0)});
  const FunctionRows before = function(code - 8, {registers(0)});
  const FunctionRows odd{.start = code + 2, .end = code + 6, .rows = {registers(0)}};
  const FunctionRows half{.start = code, .end = code + 6, .rows = {registers(0)}};
  const FunctionRows backwards{.start = code + 8, .end = code, .rows = {registers(0)}};
  const FunctionRows too_few{.start = code, .end = code + 8, .rows = {registers(0)}};
  const FunctionRows too_many{.start = code, .end = code + 4, .rows = {registers(0), registers(0)}};
  EXPECT_TRUE(write_sframe({good}, table_address));
  for (const auto& functions : {std::vector{good, good},
                                {good, overlapping},
                                {good, before},
                                {odd},
                                {half},
                                {backwards},
                                {too_few},
                                {too_many}}) {
    const auto section = write_sframe(functions, table_address);
    ASSERT_FALSE(section);
    EXPECT_NE(section.error().find("0x"), std::string::npos) << section.error();
  }
}

TEST(Writer, RefusesAnAddressWithoutRoom) {
  const auto section = write_sframe({function(code, {registers(0)})}, std::uint64_t{0} - 32);
  ASSERT_FALSE(section);
  EXPECT_NE(section.error().find("no room"), std::string::npos);
}

Row random_row(surefoot::testing::RandomSource& random) {
  // Numbers of each width, and not too many different ones: neighbours and functions are to meet.
  const auto number = [&] {
    const auto size = static_cast<std::int32_t>(random.one_of({8, 100, 300, 40000, 3000000}));
    return random.is_chosen(50) ? size : -size;
  };
  switch (random.below(5)) {
    case 0: return no_caller;
    case 1:
      return {.where = Row::Where::lr_on_stack, .is_signed = random.is_chosen(50), .cfa = number(), .ra = number()};
    case 2: return {.is_signed = random.is_chosen(50), .cfa = number()};
    default:
      return {.where = Row::Where::stack,
              .base = random.is_chosen(50) ? Row::Base::sp : Row::Base::fp,
              .is_signed = random.is_chosen(50),
              .cfa = number(),
              .ra = number(),
              .fp = number()};
  }
}

TEST(Writer, StatesTheRulesOfRandomFunctions) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    surefoot::testing::RandomSource random(seed);
    std::vector<FunctionRows> functions;
    std::uint64_t start = code;
    while (functions.size() < 20) {
      Rules rules;
      for (std::size_t stretches = random.below(6); stretches > 0; --stretches) {
        const std::optional<Row> row = random.is_chosen(15) ? std::nullopt : std::optional(random_row(random));
        rules.resize(rules.size() + 1 + random.below(random.is_chosen(10) ? 200 : 10), row);
      }
      if (!functions.empty() && random.is_chosen(20)) {
        rules = functions[random.below(functions.size())].rows;
      }
      functions.push_back(function(start, rules));
      start = functions.back().end + 4 * random.below(3);
    }
    const SframeSection section = write(functions);
    const DecodedTable table = expect_same_rules(section, functions);
    EXPECT_EQ(table.functions.size(), section.statistics.functions);
    EXPECT_EQ(table.header_rows, section.statistics.rows);
  }
}

}  // namespace
}  // namespace surefoot::tools
