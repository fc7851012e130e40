// SPDX-License-Identifier: MIT
//
// The bytes of an SFrame section, version 3 [sframe]: where its fields are, and how a number is read. A section may lie
// at any address and is little-endian, so that numbers are put together from bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace surefoot::detail::sframe {

/// Dictated by the format: a header, an auxiliary header that may be skipped, an index, and the rows.
namespace header {
inline constexpr std::size_t magic_at = 0x00;
inline constexpr std::size_t version_at = 0x02;
inline constexpr std::size_t flags_at = 0x03;
inline constexpr std::size_t abi_at = 0x04;
inline constexpr std::size_t auxiliary_size_at = 0x07;
inline constexpr std::size_t function_count_at = 0x08;
inline constexpr std::size_t rows_size_at = 0x10;
inline constexpr std::size_t index_at = 0x14;  ///< from the end of both headers, and so is rows_at
inline constexpr std::size_t rows_at = 0x18;
inline constexpr std::size_t size = 28;

inline constexpr std::size_t preamble_size = 4;  ///< magic number, version and flags, the same in all versions
inline constexpr std::uint64_t magic = 0xdee2;
inline constexpr std::uint64_t magic_of_other_byte_order = 0xe2de;
inline constexpr std::uint64_t version = 3;
inline constexpr std::uint64_t abi_aarch64_little_endian = 2;
inline constexpr std::uint64_t flag_sorted = 0x1;
inline constexpr std::uint64_t flag_start_field_relative = 0x4;
}  // namespace header

/// An entry of the index.
namespace entry {
inline constexpr std::size_t start_at = 0x00;
inline constexpr std::size_t size_at = 0x08;
inline constexpr std::size_t data_at = 0x0c;  ///< where the function's data begin, from the beginning of the rows
inline constexpr std::size_t size = 16;
}  // namespace entry

/// What stands before the rows of a function.
namespace attribute {
inline constexpr std::size_t row_count_at = 0;
inline constexpr std::size_t info_at = 2;
inline constexpr std::size_t type_at = 3;
inline constexpr std::size_t block_size_at = 4;
inline constexpr std::size_t size = 5;

inline constexpr unsigned address_width_mask = 0x0f;  ///< of info: 0, 1, 2 for 1, 2, 4 bytes
inline constexpr unsigned max_address_width = 2;
inline constexpr unsigned is_masked = 0x10;        ///< of info: rows hold for the pc modulo the block size
inline constexpr unsigned uses_key_b = 0x20;       ///< of info: to check a signed return address, which no walk does
inline constexpr unsigned is_signal_frame = 0x80;  ///< of info
inline constexpr unsigned unknown_info = 0x40;     ///< of info
inline constexpr unsigned type_default = 0;        ///< the whole byte: its upper bits mean nothing yet
}  // namespace attribute

/// The byte after a row's start address.
namespace row {
inline constexpr unsigned is_sp_based = 0x01;
inline constexpr unsigned word_count_shift = 1;
inline constexpr unsigned word_count_mask = 0x0f;
inline constexpr unsigned word_width_shift = 5;
inline constexpr unsigned word_width_mask = 0x03;  ///< 0, 1, 2 for 1, 2, 4 bytes
inline constexpr unsigned max_word_width = 2;
}  // namespace row

/// The number in `width` bytes, at most 8. Requires them to be inside.
[[nodiscard]] inline std::uint64_t load(std::span<const std::byte> bytes, std::size_t at, std::size_t width) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value |= std::to_integer<std::uint64_t>(bytes[at + i]) << (8 * i);
  return value;
}

/// True if [at, at + size) is inside of `bytes`. No sum is formed, so nothing can wrap.
[[nodiscard]] constexpr bool has(std::span<const std::byte> bytes, std::uint64_t at, std::uint64_t size) noexcept {
  return at <= bytes.size() && size <= bytes.size() - at;
}

}  // namespace surefoot::detail::sframe
