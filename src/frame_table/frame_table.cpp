// SPDX-License-Identifier: MIT
//
// Checking a frame table's header and index, and searching the index.
#include "surefoot/frame_table.hpp"

#include <limits>

#include "format.hpp"
#include "function_rows.hpp"

namespace surefoot {
namespace {

namespace header = detail::sframe::header;
namespace entry = detail::sframe::entry;
using detail::sframe::has;
using detail::sframe::load;

// A number of the index. Of most tables the index lies at a multiple of 4 and the functions within 2 GiB: a start is
// then one load of its low word. Elsewhere code that may not access memory unaligned loads it byte by byte.
template <bool is_near>
std::uint32_t load_word(const std::byte* at) noexcept {
  std::uint32_t word = 0;
  // SAFETY: the callers are inside of the index, whose alignment was looked at when the table was made.
  __builtin_memcpy(&word, is_near ? __builtin_assume_aligned(at, 4) : at, sizeof word);
  return word;
}

template <bool is_near>
std::int64_t load_start(const std::byte* at) noexcept {
  const std::uint64_t low = load_word<is_near>(at + entry::start_at);
  if constexpr (is_near) return static_cast<std::int32_t>(low);
  const std::uint64_t high = load_word<is_near>(at + entry::start_at + 4);
  return static_cast<std::int64_t>(low | high << 32);
}

}  // namespace

std::expected<FrameTable, FrameTableError> FrameTable::make(std::span<const std::byte> section,
                                                            std::uint64_t address) noexcept {
  using enum FrameTableFault;
  const auto refuse = [](FrameTableFault fault, std::size_t index = 0) {
    return std::unexpected(FrameTableError{fault, index});
  };
  // 1. What it is. What follows is laid out differently in other versions.
  if (!has(section, 0, header::preamble_size)) return refuse(truncated);
  const std::uint64_t magic = load(section, header::magic_at, 2);
  if (magic == header::magic_of_other_byte_order) return refuse(other_byte_order);
  if (magic != header::magic) return refuse(not_sframe);
  const std::uint64_t version = load(section, header::version_at, 1);
  if (version == 1) return refuse(version_1);
  if (version == 2) return refuse(version_2);
  if (version != header::version) return refuse(unknown_version);
  // 2. That all of it can be read as this version says. The flag of a sorted index is no proof; 4. is.
  if (!has(section, 0, header::size)) return refuse(truncated);
  const std::uint64_t flags = load(section, header::flags_at, 1);
  if ((flags & ~(header::flag_sorted | header::flag_start_field_relative)) != 0) return refuse(unknown_flags);
  if (load(section, header::abi_at, 1) != header::abi_aarch64_little_endian) return refuse(other_architecture);
  // 3. That its parts are there. Sums and products of 32-bit numbers: they cannot wrap.
  const std::uint64_t headers_end = header::size + load(section, header::auxiliary_size_at, 1);
  const std::uint64_t index_at = headers_end + load(section, header::index_at, 4);
  const std::uint64_t rows_at = headers_end + load(section, header::rows_at, 4);
  const std::uint64_t function_count = load(section, header::function_count_at, 4);
  const std::uint64_t rows_size = load(section, header::rows_size_at, 4);
  if (!has(section, index_at, function_count * entry::size) || !has(section, rows_at, rows_size)) {
    return refuse(truncated);
  }
  const std::byte* const index = section.data() + index_at;

  const bool is_start_field_relative = (flags & header::flag_start_field_relative) != 0;
  FrameTable table;
  table.index_ = index;
  table.rows_ = section.subspan(static_cast<std::size_t>(rows_at), static_cast<std::size_t>(rows_size));
  table.start_base_ = is_start_field_relative ? address + index_at + entry::start_at : address;
  table.start_stride_ = is_start_field_relative ? entry::size : 0;
  table.function_count_ = static_cast<std::uint32_t>(function_count);

  // 4. That a search finds the only function that an address is in.
  bool is_near = reinterpret_cast<std::uintptr_t>(index) % 4 == 0;
  std::uint64_t lowest_start = 0;
  std::int64_t lowest_from_base = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < function_count; ++i) {
    const std::byte* const at = index + i * entry::size;
    const std::int64_t offset = load_start<false>(at);
    const std::uint64_t from_base_modulo = static_cast<std::uint64_t>(offset) + i * table.start_stride_;
    const auto from_base = static_cast<std::int64_t>(from_base_modulo);
    const std::uint64_t start = table.start_base_ + from_base_modulo;
    is_near = is_near && offset == static_cast<std::int32_t>(offset) && from_base >= lowest_from_base;
    lowest_from_base = from_base;
    const std::uint64_t end = start + load_word<false>(at + entry::size_at);
    if (start < lowest_start || end < start) return refuse(unsorted, i);
    lowest_start = end;
  }
  table.find_ = is_near ? find_in_section<true> : find_in_section<false>;
  return table;
}

template <bool is_near>
Rule FrameTable::find_in_section(const FrameTable& table, std::uint64_t pc, std::uint64_t* function) noexcept {
  if (table.function_count_ == 0) return {};
  // Modulo 2^64.
  const std::uint64_t from_base = pc - table.start_base_;
  const auto offset_of = [&table](std::uint32_t number) {
    return static_cast<std::uint64_t>(load_start<is_near>(table.index_ + std::size_t{number} * entry::size)) +
           std::uint64_t{number} * table.start_stride_;
  };
  const auto starts_at_or_below_pc = [&](std::uint32_t number) {
    // Near functions are in order relative to the section as well.
    if constexpr (is_near) return static_cast<std::int64_t>(offset_of(number)) <= static_cast<std::int64_t>(from_base);
    return table.start_base_ + offset_of(number) <= pc;
  };
  // The invariant: the function is one of the `count` from `low` on, if there is one.
  std::uint32_t low = 0;
  for (std::uint32_t count = table.function_count_; count > 1;) {
    const std::uint32_t half = count / 2;
    low = starts_at_or_below_pc(low + half) ? low + half : low;
    count -= half;
  }
  const std::uint64_t offset = from_base - offset_of(low);
  const std::byte* const found = table.index_ + std::size_t{low} * entry::size;
  const std::uint32_t size = load_word<is_near>(found + entry::size_at);
  if (offset >= size) return {};
  if (function != nullptr) *function = pc - offset;
  return detail::sframe::find_rule(
      table.rows_, {.data_at = load_word<is_near>(found + entry::data_at), .function_size = size, .offset = offset});
}

}  // namespace surefoot
