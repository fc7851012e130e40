// SPDX-License-Identifier: MIT
#include "dump/page_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "support/dump_builder.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::SparseMemory;
using surefoot::testing::TableBuilder;
using surefoot::testing::vmcoreinfo_text;

struct Kind {
  PageTables tables;
  unsigned levels;
};

// Every granule with every size that Linux has. The physical addresses use all bits that descriptors have.
constexpr std::uint64_t plain_root = 0x0000'8000'4000'0000;
constexpr std::uint64_t large_root = 0x000b'0000'4000'0000;
constexpr auto kinds = std::to_array<Kind>({
    {{plain_root, 12, 39, false}, 3},
    {{plain_root, 12, 48, false}, 4},
    {{large_root, 12, 52, true}, 5},
    {{plain_root, 14, 36, false}, 2},
    {{plain_root, 14, 47, false}, 3},
    {{plain_root, 14, 48, false}, 4},
    {{large_root, 14, 52, true}, 4},
    {{large_root, 16, 42, false}, 2},
    {{large_root, 16, 48, false}, 3},
    {{large_root, 16, 52, false}, 3},
});

std::string name_of(const Kind& kind) {
  return std::to_string(1 << (kind.tables.page_bits - 10)) + " KiB, " + std::to_string(kind.tables.address_bits) +
         " bits";
}

class CountingReader {
 public:
  explicit CountingReader(SparseMemory& memory) : memory_(&memory) {}
  std::optional<std::uint64_t> operator()(std::uint64_t address) const {
    ++*count_;
    std::array<std::byte, 8> bytes{};
    if (memory_->read(address, bytes) != PageState::present) return std::nullopt;
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    return word;
  }
  [[nodiscard]] std::size_t count() const { return *count_; }

 private:
  SparseMemory* memory_;
  std::shared_ptr<std::size_t> count_ = std::make_shared<std::size_t>(0);
};

std::optional<std::uint64_t> translated(SparseMemory& memory, const PageTables& tables, std::uint64_t address) {
  return translate(tables, address, CountingReader(memory));
}

// The first address of the kernel's half.
std::uint64_t first_address(const PageTables& tables) { return ~std::uint64_t{0} << tables.address_bits; }

TEST(PageTables, TranslatesWithEverySizeOfPagesAndAddresses) {
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(name_of(kind));
    const PageTables& tables = kind.tables;
    const std::uint64_t page_size = std::uint64_t{1} << tables.page_bits;
    const std::uint64_t first = first_address(tables);
    const std::array<std::uint64_t, 3> addresses = {first, first + 0x5'1234'0000 / page_size * page_size,
                                                    0 - page_size};
    SparseMemory memory;
    TableBuilder builder(memory, tables, kind.levels);
    std::uint64_t physical = tables.root + 0x1234'0000;
    for (const std::uint64_t address : addresses) builder.map(address, physical += page_size);
    physical = tables.root + 0x1234'0000;
    for (const std::uint64_t address : addresses) {
      physical += page_size;
      const CountingReader reader(memory);
      EXPECT_EQ(translate(tables, address, reader), physical);
      EXPECT_EQ(reader.count(), kind.levels);
      EXPECT_EQ(translated(memory, tables, address + page_size - 8), physical + page_size - 8);
    }
    EXPECT_EQ(translated(memory, tables, first + page_size), std::nullopt);
  }
}

struct BlockKind {
  unsigned page_bits;
  unsigned address_bits;
  bool has_52_bit_descriptors;
  unsigned levels;
  int level;
  std::uint64_t size;  // 0: there are no blocks at this level
};

constexpr std::uint64_t mib = std::uint64_t{1} << 20;
constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr auto block_kinds = std::to_array<BlockKind>({
    {12, 48, false, 4, 2, 2 * mib},
    {12, 48, false, 4, 1, gib},
    {12, 48, false, 4, 0, 0},
    {12, 52, true, 5, 2, 2 * mib},
    {12, 52, true, 5, 1, gib},
    {12, 52, true, 5, 0, 512 * gib},
    {12, 52, true, 5, -1, 0},
    {14, 48, false, 4, 2, 32 * mib},
    {14, 48, false, 4, 1, 0},
    {14, 48, false, 4, 0, 0},
    {14, 52, true, 4, 2, 32 * mib},
    {14, 52, true, 4, 1, 64 * gib},
    {14, 52, true, 4, 0, 0},
    {16, 52, false, 3, 2, 512 * mib},
    {16, 52, false, 3, 1, 4096 * gib},
});

TEST(PageTables, TakesBlocksAtTheLevelsThatHaveThem) {
  for (const BlockKind& kind : block_kinds) {
    SCOPED_TRACE(std::to_string(kind.page_bits) + " bits of page, level " + std::to_string(kind.level));
    const bool is_large = kind.address_bits == 52;
    const PageTables tables = {is_large ? large_root : plain_root, kind.page_bits, kind.address_bits,
                               kind.has_52_bit_descriptors};
    const std::uint64_t base = is_large ? 0x000f'0000'0000'0000 : 0x0000'f000'0000'0000;
    const std::uint64_t size = kind.size == 0 ? 4096 * gib : kind.size;
    SparseMemory memory;
    TableBuilder builder(memory, tables, kind.levels);
    builder.map(0 - size, base, kind.level);
    if (kind.size == 0) {
      EXPECT_EQ(translated(memory, tables, ~std::uint64_t{7}), std::nullopt);
    } else {
      EXPECT_EQ(translated(memory, tables, 0 - size), base);
      EXPECT_EQ(translated(memory, tables, ~std::uint64_t{7}), base + size - 8);
    }
  }
}

TEST(PageTables, RefusesAddressesThatAreNotInTheKernelsHalf) {
  const Kind& kind = kinds[1];
  SparseMemory memory;
  TableBuilder builder(memory, kind.tables, kind.levels);
  const std::uint64_t address = 0xffff'8000'1234'5000;
  builder.map(address, plain_root);
  ASSERT_EQ(translated(memory, kind.tables, address), plain_root);
  EXPECT_EQ(translated(memory, kind.tables, address & 0x0000'ffff'ffff'ffff), std::nullopt);
  EXPECT_EQ(translated(memory, kind.tables, address & 0x7fff'ffff'ffff'ffff), std::nullopt);
  EXPECT_EQ(translated(memory, kind.tables, address & ~(std::uint64_t{1} << 48)), std::nullopt);
}

TEST(PageTables, IgnoresAttributesAndTheContiguousHint) {
  const std::uint64_t upper = 0xfff8'0000'0000'0000;  // 63:51
  for (const Kind& kind : {kinds[1], kinds[2], kinds[9]}) {
    SCOPED_TRACE(name_of(kind));
    // Below the address: memory type, access, AF, nG; bits 9:8 are the address's own in 52-bit descriptors.
    const std::uint64_t lower = kind.tables.has_52_bit_descriptors ? 0xcfc : 0xffc;
    SparseMemory memory;
    TableBuilder builder(memory, kind.tables, kind.levels);
    const std::uint64_t address = ~std::uint64_t{0xffff};
    builder.map(address, kind.tables.root + 0x10'0000, 3, upper | lower | std::uint64_t{1} << 52);
    EXPECT_EQ(translated(memory, kind.tables, address), kind.tables.root + 0x10'0000);
  }
}

TEST(PageTables, RefusesInvalidAndReservedDescriptors) {
  const Kind& kind = kinds[1];
  const std::uint64_t address = 0xffff'8000'1234'5000;
  for (const int level : {0, 1, 2, 3}) {
    for (const std::uint64_t type : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{1}}) {
      const bool is_block = type == 1 && (level == 1 || level == 2);
      if (is_block) continue;
      SCOPED_TRACE("level " + std::to_string(level) + ", type " + std::to_string(type));
      SparseMemory memory;
      TableBuilder builder(memory, kind.tables, kind.levels);
      builder.map(address, plain_root);
      memory.write_word(builder.descriptor_place(address, level), builder.encoded(plain_root) | type);
      EXPECT_EQ(translated(memory, kind.tables, address), std::nullopt);
    }
  }
}

TEST(PageTables, RefusesATableOutsideOfTheDump) {
  const Kind& kind = kinds[1];
  const std::uint64_t address = 0xffff'8000'1234'5000;
  SparseMemory memory;
  TableBuilder builder(memory, kind.tables, kind.levels);
  builder.map(address, plain_root);
  memory.forget(builder.descriptor_place(address, 2));
  EXPECT_EQ(translated(memory, kind.tables, address), std::nullopt);
}

TEST(PageTables, EndsInATableThatLeadsToItself) {
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(name_of(kind));
    SparseMemory memory;
    const TableBuilder builder(memory, kind.tables, kind.levels);
    const std::uint64_t count = std::uint64_t{1} << (kind.tables.page_bits - 3);
    for (std::uint64_t i : {std::uint64_t{0}, count - 1}) {
      memory.write_word(kind.tables.root + 8 * i, builder.encoded(kind.tables.root) | 3);
    }
    const CountingReader reader(memory);
    EXPECT_EQ(translate(kind.tables, first_address(kind.tables), reader), kind.tables.root);
    EXPECT_EQ(reader.count(), kind.levels);
  }
}

TEST(FindPageTables, TakesRootAndSizesFromVmcoreinfo) {
  const auto found = find_page_tables(Vmcoreinfo::parse(vmcoreinfo_text()));
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(found->root, 0x41a6'6000U);
  EXPECT_EQ(found->page_bits, 12U);
  EXPECT_EQ(found->address_bits, 48U);
  EXPECT_FALSE(found->has_52_bit_descriptors);
}

std::string text_with(std::string_view page_size, std::string_view sizes) {
  return "PAGESIZE=" + std::string(page_size) +
         "\nSYMBOL(swapper_pg_dir)=ffff800081866000\nNUMBER(kimage_voffset)=0xffff80003fe00000\n" + std::string(sizes);
}

TEST(FindPageTables, TellsHowDescriptorsLook) {
  struct Row {
    std::string_view page_size;
    std::string_view sizes;
    unsigned page_bits;
    unsigned address_bits;
    bool has_52_bit_descriptors;
    std::uint64_t root = 0x41a6'6000;
  };
  const auto rows = std::to_array<Row>({
      {"4096", "NUMBER(TCR_EL1_T1SZ)=0x19\n", 12, 39, false},
      {"4096", "NUMBER(TCR_EL1_T1SZ)=0xc\nNUMBER(VA_BITS)=52\n", 12, 52, true},
      {"4096", "NUMBER(TCR_EL1_T1SZ)=0x10\nNUMBER(VA_BITS)=52\n", 12, 48, false},
      {"4096", "NUMBER(VA_BITS)=48\n", 12, 48, false},
      {"16384", "NUMBER(TCR_EL1_T1SZ)=0x11\nNUMBER(VA_BITS)=52\n", 14, 47, false},
      {"16384", "NUMBER(TCR_EL1_T1SZ)=12\n", 14, 52, true},
      {"65536", "NUMBER(TCR_EL1_T1SZ)=0x16\n", 16, 42, false},
      {"65536", "NUMBER(TCR_EL1_T1SZ)=0xc\nNUMBER(VA_BITS)=52\n", 16, 52, false},
      {"65536", "NUMBER(TCR_EL1_T1SZ)=0x10\nNUMBER(VA_BITS)=48\n", 16, 48, false},
      // Of 1,024 entries, the last 64.
      {"65536", "NUMBER(TCR_EL1_T1SZ)=0x10\nNUMBER(VA_BITS)=52\n", 16, 48, false, 0x41a6'7e00},
  });
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.page_size) + " " + std::string(row.sizes));
    const auto found = find_page_tables(Vmcoreinfo::parse(text_with(row.page_size, row.sizes)));
    ASSERT_TRUE(found) << found.error();
    EXPECT_EQ(found->page_bits, row.page_bits);
    EXPECT_EQ(found->address_bits, row.address_bits);
    EXPECT_EQ(found->has_52_bit_descriptors, row.has_52_bit_descriptors);
    EXPECT_EQ(found->root, row.root);
  }
}

TEST(FindPageTables, SaysWhatIsMissingOrCannotBe) {
  struct Row {
    std::string text;
    std::string_view error;
  };
  const std::string swapper = "SYMBOL(swapper_pg_dir)=ffff800081866000\n";
  const std::string offset = "NUMBER(kimage_voffset)=0xffff80003fe00000\n";
  const std::vector<Row> rows = {
      {"", "VMCOREINFO has no SYMBOL(swapper_pg_dir)"},
      {swapper, "VMCOREINFO has no NUMBER(kimage_voffset)"},
      {swapper + offset, "VMCOREINFO has no PAGESIZE of 4096, 16384 or 65536"},
      {text_with("8192", ""), "VMCOREINFO has no PAGESIZE of 4096, 16384 or 65536"},
      {text_with("4096", ""), "VMCOREINFO has neither NUMBER(TCR_EL1_T1SZ) nor NUMBER(VA_BITS)"},
      {text_with("4096", "NUMBER(VA_BITS)=64\n"), "VMCOREINFO tells of virtual addresses of 64 bits: there are none"},
      {text_with("4096", "NUMBER(TCR_EL1_T1SZ)=70\n"),
       "VMCOREINFO tells of virtual addresses of -6 bits: there are none"},
      {"SYMBOL(swapper_pg_dir)=ffff800081866008\n" + offset + "PAGESIZE=4096\nNUMBER(VA_BITS)=48\n",
       "VMCOREINFO puts the page tables at 0x41a66008: no physical address"},
      {swapper + "NUMBER(kimage_voffset)=0\nPAGESIZE=4096\nNUMBER(VA_BITS)=48\n",
       "VMCOREINFO puts the page tables at 0xffff800081866000: no physical address"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto found = find_page_tables(Vmcoreinfo::parse(row.text));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error(), row.error);
  }
}

}  // namespace
}  // namespace surefoot::tools
