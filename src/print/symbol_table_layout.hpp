// SPDX-License-Identifier: MIT
//
// What the check, the search and the reader of names know in common about the bytes of a symbol table. Dictated by
// cmake/symbol-table.awk.
#pragma once

#include <cstdint>
#include <expected>

#include "surefoot/symbols.hpp"

namespace surefoot::detail {

/// Literals and pairs together: a pair holds two numbers of 12 bits.
inline constexpr std::uint32_t most_symbols = 4096;

/// How many first bytes are codes by themselves. Each of the others begins 256 codes of two bytes.
[[nodiscard]] constexpr std::uint32_t one_byte_codes(std::uint32_t symbol_count) noexcept {
  return symbol_count <= 256 ? 256 : 256 - (symbol_count - 256 + 254) / 255;
}
static_assert(one_byte_codes(256) == 256 && one_byte_codes(257) == 255 && one_byte_codes(511) == 255);
static_assert(one_byte_codes(512) == 254 && one_byte_codes(most_symbols) == 240);

/// Reads the entries of functions out of a table's stream of bytes.
class StreamReader {
 public:
  StreamReader(const std::uint8_t* stream, std::uint32_t size, std::uint32_t position) noexcept
      : stream_(stream), size_(size), position_(position) {}

  [[nodiscard]] std::uint32_t position() const noexcept { return position_; }

  /// The next number: seven bits a byte, the lowest first, the highest bit set in all bytes but the last. An error if
  /// it ends outside, or does not fit into 32 bits.
  [[nodiscard]] std::expected<std::uint32_t, SymbolsFault> number() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35 && position_ < size_; shift += 7) {
      // SAFETY: the position was compared with the stream's size.
      const std::uint8_t byte = stream_[position_++];
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte >= 0x80) continue;
      if (value > UINT32_MAX) break;
      return static_cast<std::uint32_t>(value);
    }
    return std::unexpected(SymbolsFault::broken_entry);
  }

  /// So many bytes; null if they end outside.
  [[nodiscard]] const std::uint8_t* bytes(std::uint32_t count) noexcept {
    if (position_ > size_ || count > size_ - position_) return nullptr;
    const std::uint8_t* const first = stream_ + position_;
    position_ += count;
    return first;
  }

 private:
  const std::uint8_t* stream_;
  std::uint32_t size_;
  std::uint32_t position_;
};

/// One function of the stream.
struct StreamEntry {
  std::uint64_t gap;         ///< bytes from the end of the function before it
  std::uint64_t size;        ///< in bytes
  std::uint32_t code_bytes;  ///< of its name
  const std::uint8_t* codes;
};

/// The next entry. A unit is 1 << unit_shift bytes.
[[nodiscard]] inline std::expected<StreamEntry, SymbolsFault> next_entry(StreamReader& stream, unsigned gap_bits,
                                                                         unsigned unit_shift) noexcept {
  const std::uint32_t mask = (1U << gap_bits) - 1;
  const auto head = stream.number();
  if (!head) return std::unexpected(head.error());
  std::uint64_t gap = *head & mask;
  if (gap == mask) {
    const auto more = stream.number();
    if (!more) return std::unexpected(more.error());
    gap += *more;
  }
  const auto code_bytes = stream.number();
  if (!code_bytes) return std::unexpected(code_bytes.error());
  const std::uint8_t* const codes = stream.bytes(*code_bytes);
  if (codes == nullptr) return std::unexpected(SymbolsFault::name_outside);
  return StreamEntry{.gap = gap << unit_shift,
                     .size = std::uint64_t{*head >> gap_bits} << unit_shift,
                     .code_bytes = *code_bytes,
                     .codes = codes};
}

}  // namespace surefoot::detail
