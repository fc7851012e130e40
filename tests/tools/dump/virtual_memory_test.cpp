// SPDX-License-Identifier: MIT
#include "dump/virtual_memory.hpp"

#include <gtest/gtest.h>

#include "dump/dump.hpp"
#include "support/dump_builder.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::Bytes;
using surefoot::testing::pattern;
using surefoot::testing::SparseMemory;
using surefoot::testing::TableBuilder;
using surefoot::testing::TestFile;

constexpr PageTables tables{.root = 0x4000'0000, .page_bits = 12, .address_bits = 48};
constexpr std::uint64_t first = 0xffff'8000'1234'5000;
constexpr std::uint64_t second = first + 0x1000;

// Two pages side by side, whose memory is not.
class VirtualMemoryTest : public ::testing::Test {
 protected:
  VirtualMemoryTest() {
    builder_.map(first, 0x5000'3000);
    builder_.map(second, 0x5000'1000);
    memory_.write(0x5000'3000, pattern(0x1000, 1));
    memory_.write(0x5000'1000, pattern(0x1000, 2));
  }

  SparseMemory memory_;
  TableBuilder builder_{memory_, tables, 4};
};

TEST_F(VirtualMemoryTest, ReadsAcrossPages) {
  VirtualMemory memory(memory_, tables);
  Bytes bytes(0x2000);
  ASSERT_TRUE(memory.read(first, bytes));
  EXPECT_EQ(Bytes(bytes.begin(), bytes.begin() + 0x1000), pattern(0x1000, 1));
  EXPECT_EQ(Bytes(bytes.begin() + 0x1000, bytes.end()), pattern(0x1000, 2));
  EXPECT_EQ(memory.to_physical(second + 0x123), 0x5000'1123U);
}

TEST_F(VirtualMemoryTest, LoadsNumbersOfAllSizes) {
  memory_.write_word(0x5000'3ffc, 0x8877'6655'4433'2211);  // the upper half lies in another page's memory
  memory_.write_word(0x5000'1000, 0xffff'fffe'8877'6655);
  VirtualMemory memory(memory_, tables);
  EXPECT_EQ(memory.word(second - 4), 0x8877'6655'4433'2211U);
  EXPECT_EQ(memory.load<std::uint32_t>(second - 4), 0x4433'2211U);
  EXPECT_EQ(memory.load<std::uint16_t>(second - 1), 0x5544U);
  EXPECT_EQ(memory.load<std::uint8_t>(second), 0x55U);
  EXPECT_EQ(memory.load<std::int32_t>(second + 4), -2);
}

TEST_F(VirtualMemoryTest, FailsWhereNothingIsMapped) {
  VirtualMemory memory(memory_, tables);
  EXPECT_EQ(memory.word(second + 0xffc), std::nullopt);
  EXPECT_EQ(memory.word(first - 4), std::nullopt);
  EXPECT_EQ(memory.word(~std::uint64_t{3}), std::nullopt);
  EXPECT_EQ(memory.word(0), std::nullopt);
  EXPECT_EQ(memory.to_physical(second + 0x1000), std::nullopt);
  EXPECT_EQ(memory.missing_pages(), 0U);
  EXPECT_EQ(memory.damaged_pages(), 0U);
}

TEST_F(VirtualMemoryTest, CountsDistinctPagesThatAreMissingOrDamaged) {
  for (std::uint64_t i = 2; i < 6; ++i) builder_.map(first + i * 0x1000, 0x6000'0000 + i * 0x1000);
  memory_.write_word(0x6000'5000, 1);
  memory_.damage(0x6000'5000);
  VirtualMemory memory(memory_, tables);
  for (const std::uint64_t offset : {0x2000U, 0x2008U, 0x3000U, 0x2000U, 0x5000U, 0x5ff8U}) {
    EXPECT_EQ(memory.word(first + offset), std::nullopt);
  }
  EXPECT_EQ(memory.missing_pages(), 2U);
  EXPECT_EQ(memory.damaged_pages(), 1U);
}

TEST_F(VirtualMemoryTest, CountsAMissingTable) {
  memory_.forget(builder_.descriptor_place(first, 2));
  VirtualMemory memory(memory_, tables);
  EXPECT_EQ(memory.word(first), std::nullopt);
  EXPECT_EQ(memory.word(second), std::nullopt);
  EXPECT_EQ(memory.missing_pages(), 1U);
}

TEST_F(VirtualMemoryTest, ReadsTextsUpToTheirEnd) {
  memory_.write(0x5000'3ff8, std::string_view("swapper/", 8));
  memory_.write(0x5000'1000, std::string_view("0\0x", 3));
  memory_.write(0x5000'1ffd, std::string_view("ab\0", 3));
  VirtualMemory memory(memory_, tables);
  EXPECT_EQ(memory.text(second - 8, 16), "swapper/0");
  EXPECT_EQ(memory.text(second - 8, 4), "swap");
  EXPECT_EQ(memory.text(second - 8, 0), "");
  // The end of what is mapped is behind the 0.
  EXPECT_EQ(memory.text(second + 0xffd, 16), "ab");
  memory_.write(0x5000'1fff, std::string_view("c"));
  VirtualMemory changed(memory_, tables);
  EXPECT_EQ(changed.text(second + 0xffd, 16), std::nullopt);
  EXPECT_EQ(changed.text(second + 0xffd, 3), "abc");
}

TEST_F(VirtualMemoryTest, ReadsAndTranslatesAPageOnce) {
  VirtualMemory memory(memory_, tables);
  ASSERT_TRUE(memory.word(first));
  const std::size_t reads = memory_.reads();
  EXPECT_LE(reads, 5U);
  for (std::uint64_t offset = 0; offset < 0x1000; offset += 8) ASSERT_TRUE(memory.word(first + offset));
  EXPECT_EQ(memory_.reads(), reads);
}

TEST_F(VirtualMemoryTest, GivesTheSameWhenPagesDriveOutOneAnother) {
  // As many megabytes as force it: 3,000 pages, each of which holds its own address.
  for (std::uint64_t i = 0; i < 3000; ++i) {
    builder_.map(first + 0x10'0000 + i * 0x1000, 0x8000'0000 + i * 0x1000);
    memory_.write_word(0x8000'0000 + i * 0x1000, i);
  }
  VirtualMemory memory(memory_, tables);
  for (int round = 0; round < 2; ++round) {
    for (std::uint64_t i = 0; i < 3000; ++i) ASSERT_EQ(memory.word(first + 0x10'0000 + i * 0x1000), i);
  }
}

TEST(VirtualMemory, ReadsThePartOfAPageThatAFileHas) {
  // A raw image with a table that leads to its own last page, which is not whole.
  const PageTables large{.root = 0x4000'0000, .page_bits = 16, .address_bits = 42};
  SparseMemory built;
  TableBuilder builder(built, large, 2);
  const std::uint64_t address = ~std::uint64_t{0xffff};
  builder.map(address, 0x4002'0000);
  built.write(0x4002'0000, pattern(0x2800, 5));
  Bytes image(0x2'2800);
  for (std::uint64_t at = 0; at < image.size(); at += 0x1000) {
    const std::size_t size = std::min<std::size_t>(0x1000, image.size() - at);
    if (built.read(0x4000'0000 + at, std::span(image).subspan(at, size)) != PageState::present) {
      std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(at), size, std::byte{0});
    }
  }
  const TestFile file(image);
  const auto dump = open_dump(file.path(), 0x4000'0000);
  ASSERT_TRUE(dump) << dump.error();
  VirtualMemory memory(*dump->memory, large);
  Bytes bytes(0x2800);
  ASSERT_TRUE(memory.read(address, bytes));
  EXPECT_EQ(bytes, pattern(0x2800, 5));
  EXPECT_EQ(memory.word(address + 0x27fc), std::nullopt);
  EXPECT_EQ(memory.word(address + 0x3000), std::nullopt);
  EXPECT_EQ(memory.missing_pages(), 1U);
}

}  // namespace
}  // namespace surefoot::tools
