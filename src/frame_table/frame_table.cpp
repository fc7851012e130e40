// SPDX-License-Identifier: MIT
//
// Checking a frame table's header and index, and searching the index.
#include "surefoot/frame_table.hpp"

#include "format.hpp"
#include "function_rows.hpp"

namespace surefoot {
namespace {

namespace header = detail::sframe::header;
namespace entry = detail::sframe::entry;
using detail::sframe::has;
using detail::sframe::load;

struct Function {
  std::uint64_t start;
  std::uint64_t size;
  std::uint64_t data_at;
};

// Requires the entry to be inside of the index. The start is the sum of a signed offset and what it is from: right
// modulo 2^64.
Function function_at(std::span<const std::byte> index, std::size_t number, std::uint64_t start_from) noexcept {
  const std::span<const std::byte> bytes = index.subspan(number * entry::size, entry::size);
  return {.start = start_from + load(bytes, entry::start_at, 8),
          .size = load(bytes, entry::size_at, 4),
          .data_at = load(bytes, entry::data_at, 4)};
}

}  // namespace

std::expected<FrameTable, FrameTableError> FrameTable::from_section(std::span<const std::byte> section,
                                                                    std::uint64_t address) noexcept {
  using enum FrameTableError;
  const auto refuse = [](FrameTableError error) { return std::unexpected(error); };
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

  FrameTable table;
  table.find_ = find_in_section;
  table.index_ =
      section.subspan(static_cast<std::size_t>(index_at), static_cast<std::size_t>(function_count * entry::size));
  table.rows_ = section.subspan(static_cast<std::size_t>(rows_at), static_cast<std::size_t>(rows_size));
  table.index_address_ = address + index_at;
  table.start_base_ = address;
  table.is_start_field_relative_ = (flags & header::flag_start_field_relative) != 0;

  // 4. That a search finds the only function that an address is in.
  std::uint64_t lowest_start = 0;
  for (std::size_t i = 0; i < function_count; ++i) {
    const Function function = function_at(table.index_, i, table.start_is_from(i));
    const std::uint64_t end = function.start + function.size;
    if (function.start < lowest_start || end < function.start) return refuse(unsorted);
    lowest_start = end;
  }
  return table;
}

std::uint64_t FrameTable::start_is_from(std::size_t number) const noexcept {
  return is_start_field_relative_ ? index_address_ + number * entry::size + entry::start_at : start_base_;
}

Rule FrameTable::find_in_section(const FrameTable& table, std::uint64_t pc) noexcept {
  // The invariant: functions before `low` start at or below pc, those from `high` on start above it.
  std::size_t low = 0;
  std::size_t high = table.index_.size() / entry::size;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (function_at(table.index_, middle, table.start_is_from(middle)).start <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return {};
  const Function function = function_at(table.index_, low - 1, table.start_is_from(low - 1));
  const std::uint64_t offset = pc - function.start;
  if (offset >= function.size) return {};
  return detail::sframe::find_rule(table.rows_,
                                   {.data_at = function.data_at, .function_size = function.size, .offset = offset});
}

}  // namespace surefoot
