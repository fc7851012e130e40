// SPDX-License-Identifier: MIT
#include "dump/page_tables.hpp"

#include <fmt/core.h>

#include <charconv>

#include "dump/physical_memory.hpp"

namespace surefoot::tools {
namespace {

using Error = std::string;

constexpr int last_level = 3;
constexpr unsigned max_bits_without_ds = 48;

// A descriptor is 8 bytes: a table of one page translates so many bits.
unsigned bits_of_level(const PageTables& tables) { return tables.page_bits - 3; }

// The lowest bit of a virtual address that an entry of the level stands for.
unsigned shift_of_level(const PageTables& tables, int level) {
  return tables.page_bits + static_cast<unsigned>(last_level - level) * bits_of_level(tables);
}

int start_level(const PageTables& tables) {
  int level = last_level;
  while (shift_of_level(tables, level) + bits_of_level(tables) < tables.address_bits) --level;
  return level;
}

constexpr std::uint64_t bits_below(unsigned bit) { return (std::uint64_t{1} << bit) - 1; }

// The output address of a table, block or page descriptor, whose lowest bit is `shift` [arm-arm D8.3.1].
std::uint64_t address_in(const PageTables& tables, std::uint64_t descriptor, unsigned shift) {
  const bool has_64k_pages = tables.page_bits == 16;
  const unsigned bits = tables.has_52_bit_descriptors ? 50 : 48;
  std::uint64_t address = descriptor & bits_below(bits) & ~bits_below(shift);
  // The bits above stand where an address that is aligned has zeros.
  if (has_64k_pages) {
    address |= (descriptor >> 12 & 0xf) << 48;
  } else if (tables.has_52_bit_descriptors) {
    address |= (descriptor >> 8 & 3) << 50;
  }
  return address;
}

// Levels at which a descriptor may map a block [arm-arm D8.3.1].
bool may_be_block(const PageTables& tables, int level) {
  switch (tables.page_bits) {
    case 12: return level == 2 || level == 1 || (level == 0 && tables.has_52_bit_descriptors);
    case 14: return level == 2 || (level == 1 && tables.has_52_bit_descriptors);
    default: return level == 2 || level == 1;
  }
}

std::optional<unsigned> bits_of_page_size(const std::optional<std::string>& text) {
  if (text == "4096") return 12;
  if (text == "16384") return 14;
  if (text == "65536") return 16;
  return std::nullopt;
}

std::expected<unsigned, Error> find_address_bits(const Vmcoreinfo& info) {
  const std::optional<std::uint64_t> size = info.number("TCR_EL1_T1SZ");
  const std::optional<std::uint64_t> bits = size ? std::optional(64 - *size) : info.number("VA_BITS");
  if (!bits) return std::unexpected("VMCOREINFO has neither NUMBER(TCR_EL1_T1SZ) nor NUMBER(VA_BITS)");
  constexpr unsigned fewest = 36;
  constexpr unsigned most = 52;
  if (*bits < fewest || *bits > most) {
    return std::unexpected(fmt::format("VMCOREINFO tells of virtual addresses of {} bits: there are none",
                                       static_cast<std::int64_t>(*bits)));
  }
  return static_cast<unsigned>(*bits);
}

// Linux with 64 KiB pages and 52 bits, on a CPU with 48: the first table stays as large as 52 bits need, and the CPU
// is given its last entries, which 48 bits reach. With smaller pages it leaves out a level.
std::uint64_t root_offset(const PageTables& tables, const Vmcoreinfo& info) {
  constexpr unsigned bits_of_first_table = 10;
  constexpr unsigned bits_in_use = 6;
  const bool is_cut = tables.page_bits == 16 && tables.address_bits == 48 && info.number("VA_BITS") == 52;
  return is_cut ? ((1U << bits_of_first_table) - (1U << bits_in_use)) * sizeof(std::uint64_t) : 0;
}

}  // namespace

std::expected<PageTables, std::string> find_page_tables(const Vmcoreinfo& info) {
  const std::optional<std::uint64_t> root = info.symbol("swapper_pg_dir");
  if (!root) return std::unexpected("VMCOREINFO has no SYMBOL(swapper_pg_dir)");
  const std::optional<std::uint64_t> offset = info.number("kimage_voffset");
  if (!offset) return std::unexpected("VMCOREINFO has no NUMBER(kimage_voffset)");
  const std::optional<unsigned> page_bits = bits_of_page_size(info.text("PAGESIZE"));
  if (!page_bits) return std::unexpected("VMCOREINFO has no PAGESIZE of 4096, 16384 or 65536");
  const std::expected<unsigned, Error> address_bits = find_address_bits(info);
  if (!address_bits) return std::unexpected(address_bits.error());

  PageTables tables;
  tables.page_bits = *page_bits;
  tables.address_bits = *address_bits;
  tables.has_52_bit_descriptors = *page_bits != 16 && *address_bits > max_bits_without_ds;
  tables.root = *root - *offset + root_offset(tables, info);
  constexpr std::uint64_t least_alignment = 64;  // [arm-arm D8.2.1]
  if (tables.root >= physical_end || tables.root % least_alignment != 0) {
    return std::unexpected(fmt::format("VMCOREINFO puts the page tables at {:#x}: no physical address", tables.root));
  }
  return tables;
}

std::optional<std::uint64_t> translate(const PageTables& tables, std::uint64_t address,
                                       const DescriptorReader& descriptor_at) {
  const std::uint64_t upper = ~bits_below(tables.address_bits);
  if ((address & upper) != upper) return std::nullopt;
  address &= ~upper;
  std::uint64_t table = tables.root;
  for (int level = start_level(tables); level <= last_level; ++level) {
    const unsigned shift = shift_of_level(tables, level);
    const std::uint64_t index = address >> shift & bits_below(bits_of_level(tables));
    const std::optional<std::uint64_t> descriptor = descriptor_at(table + index * sizeof(std::uint64_t));
    if (!descriptor) return std::nullopt;
    const unsigned type = *descriptor & 3;
    const bool is_mapping = level == last_level ? type == 3 : type == 1 && may_be_block(tables, level);
    if (is_mapping) return address_in(tables, *descriptor, shift) | (address & bits_below(shift));
    if (type != 3) return std::nullopt;
    table = address_in(tables, *descriptor, tables.page_bits);
  }
  return std::nullopt;
}

}  // namespace surefoot::tools
