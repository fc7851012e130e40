// SPDX-License-Identifier: MIT
//
// The symbol table: what find() answers at every edge, and what make() refuses.
#include "surefoot/symbols.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "support/symbol_table.hpp"

namespace surefoot {
namespace {

using Code = SymbolsFault;
using Kind = CodeAddress::Kind;
using testing::Function;
using testing::symbol_table;
using testing::text_of;

constexpr std::uint64_t table_at = 0xffff'8000'0010'0000;
constexpr std::uint64_t text = 0xffff'8000'0008'0000;

class SymbolsTest : public ::testing::Test {
 protected:
  // `last` ends beside nothing, `panic` right before `after_panic`; between `first` and `panic` is a gap.
  std::vector<std::uint32_t> words = symbol_table(table_at, {{text, 0x20, "first"},
                                                             {text + 0x40, 0x10, "net::panic"},
                                                             {text + 0x50, 0x4, "after_panic"},
                                                             {table_at + 0x1000, 0x8, "last"}});
  Symbols symbols = Symbols::make(words, table_at).value();

  std::string find(std::uint64_t address, Kind kind) const {
    const Symbol symbol = symbols.find(CodeAddress(address, kind));
    if (!symbol.is_known()) return "?";
    return text_of(symbol.name) + "+" + std::to_string(symbol.offset) + "/" + std::to_string(symbol.size);
  }
};

TEST_F(SymbolsTest, FindsTheFunctionThatContainsAnAddress) {
  const struct {
    std::uint64_t address;
    Kind kind;
    const char* found;
  } cases[] = {
      {text - 4, Kind::exact, "?"},
      {text, Kind::exact, "first+0/32"},
      {text, Kind::return_address, "?"},
      {text + 4, Kind::return_address, "first+4/32"},
      {text + 0x1c, Kind::exact, "first+28/32"},
      {text + 0x20, Kind::exact, "?"},
      {text + 0x3c, Kind::exact, "?"},
      {text + 0x40, Kind::exact, "net::panic+0/16"},
      {text + 0x4c, Kind::exact, "net::panic+12/16"},
      {text + 0x50, Kind::exact, "after_panic+0/4"},
      {text + 0x54, Kind::exact, "?"},
      {table_at + 0x1000, Kind::exact, "last+0/8"},
      {table_at + 0x1007, Kind::exact, "last+7/8"},
      {table_at + 0x1008, Kind::exact, "?"},
      {0, Kind::exact, "?"},
      {0, Kind::return_address, "?"},
      {3, Kind::return_address, "?"},
      {std::numeric_limits<std::uint64_t>::max(), Kind::exact, "?"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(::testing::Message() << std::hex << c.address << (c.kind == Kind::exact ? " exact" : " returned to"));
    EXPECT_EQ(find(c.address, c.kind), c.found);
  }
}

// Hazard C3: a call that never returns is the last instruction of its function.
TEST_F(SymbolsTest, NamesTheCallingFunctionForAReturnAddressPastItsEnd) {
  EXPECT_EQ(find(text + 0x50, Kind::return_address), "net::panic+16/16");
  EXPECT_EQ(find(text + 0x20, Kind::return_address), "first+32/32");
}

// Each block of the index, and each of its functions, in every form that a table may have.
TEST_F(SymbolsTest, FindsTheSameInEveryForm) {
  std::vector<Function> functions;
  std::uint64_t at = text;
  for (std::uint32_t i = 0; i < 50; ++i) {
    functions.push_back({at, 4 + 4 * (i * i % 300), "f" + std::to_string(i)});
    at += functions.back().size + 4 * (i % 7 == 0 ? 1000 : i % 5);
  }
  for (const unsigned unit_shift : {0U, 2U}) {
    for (const unsigned gap_bits : {1U, 2U, 3U, 4U, 15U}) {
      SCOPED_TRACE(::testing::Message() << unit_shift << " " << gap_bits);
      words = symbol_table(table_at, functions, {.gap_bits = gap_bits, .unit_shift = unit_shift});
      symbols = Symbols::make(words, table_at).value();
      for (const Function& function : functions) {
        const std::string size = "/" + std::to_string(function.size);
        EXPECT_EQ(find(function.start, Kind::exact), function.name + "+0" + size);
        EXPECT_EQ(find(function.start + function.size, Kind::return_address),
                  function.name + "+" + std::to_string(function.size) + size);
        const std::string before = find(function.start, Kind::return_address);
        EXPECT_NE(before.substr(0, before.find('+')), function.name);
      }
    }
  }
}

TEST_F(SymbolsTest, FindsEveryInstructionOfAThousandFunctions) {
  std::vector<Function> functions;
  for (std::uint64_t i = 0; i < 1000; ++i) functions.push_back({text + i * 0x10, 0xc, "f" + std::to_string(i)});
  words = symbol_table(table_at, functions);
  symbols = Symbols::make(words, table_at).value();
  EXPECT_EQ(symbols.size(), 1000U);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    for (std::uint64_t offset = 0; offset < 0xc; offset += 4) {
      EXPECT_EQ(find(text + i * 0x10 + offset, Kind::exact),
                "f" + std::to_string(i) + "+" + std::to_string(offset) + "/12");
    }
    EXPECT_EQ(find(text + i * 0x10 + 0xc, Kind::exact), "?");
  }
}

TEST(SymbolsMake, TakesNoWordsForAProgramWithoutATable) {
  const auto made = Symbols::make({}, table_at);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size(), 0U);
  EXPECT_FALSE(made->find(CodeAddress(table_at, Kind::exact)).is_known());
}

TEST(SymbolsMake, TakesATableWithoutFunctions) {
  const auto made = Symbols::make(symbol_table(table_at, {}), table_at);
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->find(CodeAddress(table_at, Kind::exact)).is_known());
}

// The words of a table: its header, an index entry for functions 0 to 15 and one for function 16, then bytes.
class DamagedTable {
 public:
  static constexpr std::size_t second_block = 6;

  DamagedTable() {
    std::vector<Function> functions;
    for (std::uint64_t i = 0; i < 17; ++i) functions.push_back({text + i * 0x10, 0x10, "ab"});
    words = symbol_table(table_at, functions, {.literals = "ab", .pairs = {{0, 1}}});
  }

  // The first byte of function `i`: head, number of codes, code of the pair.
  std::size_t entry(std::size_t i) const { return literals + 2 + 3 + 4 * i; }
  std::uint8_t& byte(std::size_t i) { return reinterpret_cast<std::uint8_t*>(words.data())[i]; }

  std::size_t literals = 4 * 4 + 2 * 8;
  std::vector<std::uint32_t> words;
};

TEST(SymbolsMake, RefusesADamagedTableAndSaysWhere) {
  const DamagedTable good;
  const std::size_t pair = good.literals + 2;
  const struct {
    const char* what;
    std::size_t byte;
    std::uint8_t value;
    Code code;
    std::size_t index;
  } cases[] = {
      {"magic", 3, 0x31, Code::unknown_format, 0},
      {"more functions than the index has room for", 5, 0xff, Code::truncated, 0},
      {"a count whose bytes wrap", 7, 0xff, Code::truncated, 0},
      {"more stream than there is room for", 9, 1, Code::truncated, 0},
      {"more literals and pairs than can be counted", 13, 0x10, Code::too_many_pairs, 0},
      {"a unit of two bytes", 15, 0x31, Code::unknown_format, 0},
      {"no bits for gaps", 15, 0x00, Code::unknown_format, 0},
      {"a block that begins elsewhere in the stream", 4 * (DamagedTable::second_block + 1), 1, Code::wrong_index, 16},
      {"a block whose first function is elsewhere", good.entry(16), 0x81, Code::wrong_index, 16},
      {"unsorted", 4 * DamagedTable::second_block + 1, 0x00, Code::unsorted, 16},
      {"overlapping", good.entry(15) + 1, 0x03, Code::overlapping, 16},
      {"a number that does not end in the stream", good.entry(16) + 2, 0x80, Code::name_outside, 16},
      {"empty", good.entry(3), 0x01, Code::empty_symbol, 3},
      {"a name outside", good.entry(16) + 2, 3, Code::name_outside, 16},
      {"a code that stands for nothing", good.entry(2) + 3, 3, Code::unknown_code, 2},
      {"a pair of nothing", pair + 1, 0xf0, Code::unknown_code, 0},
      {"a pair that begins with itself", pair, 2, Code::name_too_deep, 0},
      {"a pair that ends with itself", pair + 1, 0x20, Code::name_too_long, 0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    DamagedTable table;
    ASSERT_TRUE(Symbols::make(table.words, table_at));
    table.byte(c.byte) = c.value;
    const auto made = Symbols::make(table.words, table_at);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, c.code) << to_string(made.error().code);
    EXPECT_EQ(made.error().index, c.index);
  }
}

// The last function's numbers, cut off by the header's number of bytes.
TEST(SymbolsMake, RefusesAStreamThatEndsInsideAnEntry) {
  const DamagedTable good;
  for (std::uint32_t cut = 1; cut <= 4; ++cut) {
    DamagedTable table;
    table.words[2] -= cut;
    const auto made = Symbols::make(table.words, table_at);
    ASSERT_FALSE(made) << cut;
    EXPECT_EQ(made.error().code, cut == 1 ? Code::name_outside : Code::broken_entry) << cut;
    EXPECT_EQ(made.error().index, 16U) << cut;
  }
}

TEST(SymbolsMake, RefusesANumberOfMoreThan32Bits) {
  std::vector<std::uint32_t> words = symbol_table(table_at, {{text, 0x0fff'ffff, "aaaaaaaa"}}, {.gap_bits = 4});
  ASSERT_TRUE(Symbols::make(words, table_at));
  auto* const head = reinterpret_cast<std::uint8_t*>(words.data()) + 4 * 4 + 8 + 1;
  ASSERT_EQ(head[4], 0x0f);
  head[4] = 0x1f;
  const auto too_large = Symbols::make(words, table_at);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code, Code::broken_entry);
  head[4] = 0x8f;
  const auto endless = Symbols::make(words, table_at);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, Code::broken_entry);
}

TEST(SymbolsMake, RefusesFunctionsThatLeadAroundTheAddressSpace) {
  std::vector<Function> functions;
  for (std::uint64_t i = 0; i < 10; ++i) functions.push_back({text + (i << 30), 1U << 30, "large"});
  const auto made = Symbols::make(symbol_table(table_at, functions, {.gap_bits = 1, .unit_shift = 2}), table_at);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::out_of_reach) << to_string(made.error().code);
  EXPECT_EQ(made.error().index, 4U);
}

TEST(SymbolsMake, RefusesATableThatIsCutOff) {
  const std::vector<std::uint32_t> words = symbol_table(table_at, {{text, 0x10, "a"}, {text + 0x10, 0x10, "b"}});
  for (std::size_t size = 1; size < words.size(); ++size) {
    const auto made = Symbols::make(std::span(words).first(size), table_at);
    ASSERT_FALSE(made) << size << " words";
    EXPECT_EQ(made.error().code, Code::truncated) << size << " words";
  }
}

TEST(SymbolsMake, NamesEveryError) {
  EXPECT_STREQ(to_string(Code::truncated), "truncated");
  EXPECT_STREQ(to_string(Code::unknown_format), "unknown_format");
  EXPECT_STREQ(to_string(Code::too_many_pairs), "too_many_pairs");
  EXPECT_STREQ(to_string(Code::wrong_index), "wrong_index");
  EXPECT_STREQ(to_string(Code::unsorted), "unsorted");
  EXPECT_STREQ(to_string(Code::overlapping), "overlapping");
  EXPECT_STREQ(to_string(Code::out_of_reach), "out_of_reach");
  EXPECT_STREQ(to_string(Code::broken_entry), "broken_entry");
  EXPECT_STREQ(to_string(Code::empty_symbol), "empty_symbol");
  EXPECT_STREQ(to_string(Code::name_outside), "name_outside");
  EXPECT_STREQ(to_string(Code::unknown_code), "unknown_code");
  EXPECT_STREQ(to_string(Code::name_too_deep), "name_too_deep");
  EXPECT_STREQ(to_string(Code::name_too_long), "name_too_long");
}

}  // namespace
}  // namespace surefoot
