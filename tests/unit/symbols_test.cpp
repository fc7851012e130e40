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
    return std::string(symbol.name) + "+" + std::to_string(symbol.offset) + "/" + std::to_string(symbol.size);
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

TEST(SymbolsMake, RefusesADamagedTableAndSaysWhere) {
  const std::vector<Function> good = {{text, 0x10, "a"}, {text + 0x10, 0x10, "b"}, {text + 0x20, 0x10, "c"}};
  constexpr std::size_t header = 3, entry = 3;
  const struct {
    const char* what;
    std::size_t word;
    std::uint32_t value;
    Code code;
    std::size_t index;
  } cases[] = {
      {"magic", 0, 0x32594653, Code::unknown_format, 0},
      {"one entry more than there is room for", 1, 5, Code::truncated, 0},
      {"a count whose bytes wrap", 1, 0x5555'5556, Code::truncated, 0},
      {"more names than there is room for", 2, 9, Code::truncated, 0},
      {"names without an end", 2, 5, Code::unterminated_names, 0},
      {"names of no bytes", 2, 0, Code::name_outside, 0},
      {"empty", header + entry + 1, 0, Code::empty_symbol, 1},
      {"unsorted", header + 2 * entry, static_cast<std::uint32_t>(text - 4 - table_at), Code::unsorted, 2},
      {"overlapping", header + entry + 1, 0x14, Code::overlapping, 2},
      {"a size whose end wraps 32 bits", header + 1, 0xffff'fff0, Code::overlapping, 1},
      {"a name outside", header + 2 * entry + 2, 6, Code::name_outside, 2},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    std::vector<std::uint32_t> words = symbol_table(table_at, good);
    ASSERT_TRUE(Symbols::make(words, table_at));
    words[c.word] = c.value;
    const auto made = Symbols::make(words, table_at);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, c.code) << to_string(made.error().code);
    EXPECT_EQ(made.error().index, c.index);
  }
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
  EXPECT_STREQ(to_string(Code::empty_symbol), "empty_symbol");
  EXPECT_STREQ(to_string(Code::unsorted), "unsorted");
  EXPECT_STREQ(to_string(Code::overlapping), "overlapping");
  EXPECT_STREQ(to_string(Code::name_outside), "name_outside");
  EXPECT_STREQ(to_string(Code::unterminated_names), "unterminated_names");
}

}  // namespace
}  // namespace surefoot
