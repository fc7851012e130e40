// SPDX-License-Identifier: MIT
#include "count/frame_sections.hpp"

#include <cstdint>

#include "count/code.hpp"
#include "count/counter.hpp"

namespace bench {
namespace {

// Dictated by SFrame version 3 [sframe]: header, index, and for each function what stands before its rows, and them.
constexpr std::size_t header_size = 28;
constexpr std::size_t entry_size = 16;
constexpr std::uint8_t rows[] = {
    // Four rows with addresses of one byte; no flags, default type, no repeating block.
    4, 0, 0, 0, 0,
    // Address; sp-based, one word of a byte; CFA = sp.
    0x00, 0x03, 0,
    // Address; sp-based, three words; CFA = sp + 32, return address at CFA - 24, fp at CFA - 32.
    0x04, 0x07, 32, 0xe8, 0xe0,
    // The same from fp.
    0x08, 0x06, 32, 0xe8, 0xe0,
    // As at the start.
    0x3c, 0x03, 0};

// Where a section is aligned as the linker does it.
alignas(8) constinit std::byte section[header_size + max_function_count * (entry_size + sizeof rows)] = {};

void put(std::size_t at, std::size_t width, std::uint64_t value) noexcept {
  for (std::size_t i = 0; i < width; ++i) section[at + i] = static_cast<std::byte>(value >> (8 * i));
}

}  // namespace

std::span<const std::byte> lay_frame_section(std::size_t count, std::uint64_t code_start, bool has_outermost) noexcept {
  if (count == 0) return {};
  const std::size_t rows_at = header_size + count * entry_size;
  put(0x00, 2, 0xdee2);           // magic number
  put(0x02, 1, 3);                // version
  put(0x03, 1, 1);                // sorted; function starts are from the section's start
  put(0x04, 1, 2);                // AArch64, little-endian
  put(0x05, 3, 0);                // no fixed offsets, no auxiliary header
  put(0x08, 4, count);            // functions
  put(0x0c, 4, count * rows[0]);  // rows
  put(0x10, 4, count * sizeof rows);
  put(0x14, 4, 0);  // the index follows the header
  put(0x18, 4, rows_at - header_size);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry_at = header_size + i * entry_size;
    put(entry_at, 8, code_start + i * function_size - address_of(section[0]));
    put(entry_at + 8, 4, function_size);
    put(entry_at + 12, 4, i * sizeof rows);
    for (std::size_t j = 0; j < sizeof rows; ++j) put(rows_at + i * sizeof rows + j, 1, rows[j]);
    if (has_outermost && i + 1 == count) put(rows_at + i * sizeof rows, 1, 0);
  }
  return std::span(section).first(rows_at + count * sizeof rows);
}

}  // namespace bench
