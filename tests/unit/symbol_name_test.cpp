// SPDX-License-Identifier: MIT
//
// Names out of a symbol table: decoded in pieces, copied, compared, and read after the table was damaged.
#include "surefoot/symbol_name.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/symbol_table.hpp"

namespace surefoot {
namespace {

using testing::Function;
using testing::Pair;
using testing::symbol_table;
using testing::TableForm;
using testing::text_of;

constexpr std::uint64_t table_at = 0x4000'0000;
constexpr std::uint64_t text = 0x4008'0000;

// A table of one function.
struct OneName {
  explicit OneName(const std::string& name, const TableForm& form = {})
      : words(symbol_table(table_at, {{text, 0x10, name}}, form)), symbols(Symbols::make(words, table_at).value()) {}

  SymbolName name() const { return symbols.find(CodeAddress(text, CodeAddress::Kind::exact)).name; }
  std::uint8_t& byte(std::size_t i) { return reinterpret_cast<std::uint8_t*>(words.data())[i]; }

  std::vector<std::uint32_t> words;
  Symbols symbols;
};

// Pairs of pairs: symbol 2 is "ab", 3 is "abab", and so on.
TableForm doubling(std::uint32_t pairs) {
  TableForm form{.literals = "ab", .pairs = {{0, 1}}};
  for (std::uint32_t i = 1; i < pairs; ++i) form.pairs.push_back({i + 1, i + 1});
  return form;
}

TEST(SymbolName, IsUnknownByDefault) {
  const SymbolName name;
  EXPECT_FALSE(name.is_known());
  EXPECT_EQ(text_of(name), "");
  char room[2] = {'x', 'x'};
  EXPECT_EQ(name.copy_to(room), 0U);
  EXPECT_EQ(room[0], '\0');
  EXPECT_FALSE(name.starts_with("a"));
}

TEST(SymbolName, IsReadThroughPairsOfPairs) {
  std::string expected;
  for (int i = 0; i < 256; ++i) expected += "ab";
  const OneName one(expected + "a", doubling(9));
  ASSERT_LT(one.words.size(), 20U);
  EXPECT_EQ(text_of(one.name()), expected + "a");
}

TEST(SymbolName, HasAnyBytesButZero) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(text_of(OneName(all).name()), all);
}

// Codes of two bytes: more symbols than bytes have values, up to the most that pairs can count.
TEST(SymbolName, HasCodesOfTwoBytes) {
  for (const std::size_t pairs : {254U, 255U, 509U, 510U, 2000U, 4094U}) {
    SCOPED_TRACE(pairs);
    TableForm form{.literals = "ab", .pairs = std::vector<Pair>(pairs, Pair{5000, 5000})};
    form.pairs.back() = {0, 1};
    EXPECT_EQ(text_of(OneName("babab", form).name()), "babab");
  }
}

TEST(SymbolName, IsReadPieceByPiece) {
  const OneName one("abababab", doubling(3));
  for (std::size_t size = 1; size < 10; ++size) {
    std::string room(size, '\0');
    std::string all;
    NameReader reader(one.name());
    for (std::size_t got = reader.read(room); got != 0; got = reader.read(room)) all += room.substr(0, got);
    EXPECT_EQ(all, "abababab") << size;
    EXPECT_EQ(reader.fault(), NameFault::none);
  }
}

TEST(SymbolName, IsCopiedAsFarAsThereIsRoom) {
  const OneName one("abababab", doubling(3));
  for (std::size_t size = 0; size < 12; ++size) {
    std::string room(size + 1, '#');
    EXPECT_EQ(one.name().copy_to(std::span(room).first(size)), 8U);
    EXPECT_EQ(room[size], '#') << "nothing behind the room is written";
    if (size != 0) {
      EXPECT_STREQ(room.c_str(), std::string("abababab").substr(0, size - 1).c_str());
    }
  }
}

TEST(SymbolName, BeginsWithItsBeginnings) {
  const OneName one("abab", doubling(2));
  for (const char* begin : {"", "a", "abab"}) EXPECT_TRUE(one.name().starts_with(begin)) << begin;
  for (const char* other : {"b", "abaa", "ababa"}) EXPECT_FALSE(one.name().starts_with(other)) << other;
}

TEST(SymbolName, EqualsThatOfTheSameFunctionOnly) {
  const std::vector<std::uint32_t> words = symbol_table(table_at, {{text, 0x10, "same"}, {text + 0x10, 0x10, "same"}});
  const Symbols symbols = Symbols::make(words, table_at).value();
  const auto name = [&](std::uint64_t pc) { return symbols.find(CodeAddress(pc, CodeAddress::Kind::exact)).name; };
  EXPECT_EQ(name(text), name(text + 0xc));
  EXPECT_NE(name(text), name(text + 0x10));
  EXPECT_NE(name(text), SymbolName());
}

TEST(SymbolName, HasAtMostItsMaximum) {
  const std::string longest(SymbolName::max_size, 'a');
  EXPECT_EQ(text_of(OneName(longest).name()), longest);
  const auto made = Symbols::make(symbol_table(table_at, {{text, 0x10, longest + "a"}}), table_at);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, SymbolsFault::name_too_long);
}

// 16 second halves wait at most: 16 pairs that each begin with the one before are read, 17 are not.
TEST(SymbolName, IsReadToTheDeepestPair) {
  for (const std::size_t depth : {NameReader::max_depth, NameReader::max_depth + 1}) {
    TableForm form{.literals = "ab", .pairs = {{0, 1}}};
    for (std::uint32_t i = 1; i < depth; ++i) form.pairs.push_back({i + 1, 1});
    const std::string name = "a" + std::string(depth, 'b');
    const auto words = symbol_table(table_at, {{text, 0x10, name}}, form);
    const auto made = Symbols::make(words, table_at);
    ASSERT_EQ(made.has_value(), depth == NameReader::max_depth);
    if (made) {
      EXPECT_EQ(text_of(made->find(CodeAddress(text, CodeAddress::Kind::exact)).name), name);
    } else {
      EXPECT_EQ(made.error().code, SymbolsFault::name_too_deep);
    }
  }
}

// Each byte behind the header, changed to each value: whatever is then read is inside the table (a sanitizer looks on),
// and ends.
TEST(SymbolName, OfATableThatIsDamagedAfterItsCheckIsBounded) {
  OneName one("abababab", doubling(3));
  const SymbolName name = one.name();
  for (std::size_t i = 4 * 4; i < 4 * one.words.size(); ++i) {
    const std::uint8_t before = one.byte(i);
    for (unsigned value = 0; value < 256; ++value) {
      one.byte(i) = static_cast<std::uint8_t>(value);
      EXPECT_LE(text_of(name).size(), SymbolName::max_size);
      for (const std::uint64_t pc : {text, text + 0xc, text + 0x100}) {
        EXPECT_LE(text_of(one.symbols.find(CodeAddress(pc, CodeAddress::Kind::exact)).name).size(),
                  SymbolName::max_size);
      }
    }
    one.byte(i) = before;
  }
}

}  // namespace
}  // namespace surefoot
