// SPDX-License-Identifier: MIT
//
// The name of a function, as a symbol table holds it: a row of codes, read piece by piece without room for the whole
// name. Part of surefoot::print.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace surefoot {

/// A name in a symbol table (symbols.hpp), as a value. It points into the table and is valid while the table stays
/// where it is. It carries the bounds of what it reads, so that a table that was damaged after its check makes a wrong
/// name, and never a read outside of the table. Any context, before the MMU is on as well.
class SymbolName {
 public:
  /// Characters of the longest name. A longer one was cut by cmake/make-symbol-table, and ends in `...`.
  static constexpr std::size_t max_size = 1023;

  /// The name of no function.
  constexpr SymbolName() = default;

  [[nodiscard]] constexpr bool is_known() const noexcept { return codes_ != nullptr; }

  /// Writes as many of the name's characters as there is room for, and a zero byte behind them if the room is not
  /// empty. Returns the length of the whole name. The characters are those of the table: print.hpp escapes them.
  std::size_t copy_to(std::span<char> room) const noexcept;

  /// True if the name begins with the text, which a zero byte ends.
  [[nodiscard]] bool starts_with(const char* text) const noexcept;

  /// True if this is the name of the same entry of the same table. Two entries may be spelled alike.
  friend constexpr bool operator==(const SymbolName&, const SymbolName&) noexcept = default;

 private:
  friend class NameReader;
  friend class Symbols;

  const std::uint8_t* literals_ = nullptr;  ///< then the pairs
  const std::uint8_t* codes_ = nullptr;
  std::uint16_t code_bytes_ = 0;
  std::uint16_t pair_count_ = 0;
  std::uint8_t literal_count_ = 0;
};

/// Why a name cannot be read. Every name of a table that was checked can be.
enum class NameFault : std::uint8_t {
  none,
  unknown_symbol,  ///< a code stands for nothing, or its second byte is missing
  too_deep,        ///< more pairs inside each other than the reader has room for
  too_long         ///< more characters than SymbolName::max_size
};

/// Reads the characters of a name. Holds 32 bytes for the halves of pairs that are still to come; no recursion. Takes
/// at most 2 * SymbolName::max_size * max_depth steps, whatever the table holds. Reads the table only.
class NameReader {
 public:
  /// How many pairs may wait for their second half.
  static constexpr std::size_t max_depth = 16;

  explicit NameReader(const SymbolName& name) noexcept;

  /// Fills the room with the next characters, and returns how many. Less than the room has: the name has ended, or
  /// there is a fault.
  std::size_t read(std::span<char> room) noexcept;

  /// What ended the name early.
  [[nodiscard]] NameFault fault() const noexcept { return fault_; }

 private:
  [[nodiscard]] bool has_next() const noexcept { return depth_ != 0 || at_ != end_; }
  [[nodiscard]] std::uint32_t next_symbol() noexcept;
  [[nodiscard]] std::uint32_t expand(std::uint32_t symbol) noexcept;

  const std::uint8_t* literals_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::array<std::uint16_t, max_depth> pending_;  ///< second halves, the next one last
  std::uint32_t symbol_count_;
  std::uint16_t one_byte_codes_;  ///< first bytes from here on have a second one
  std::uint16_t literal_count_;
  std::uint16_t size_ = 0;  ///< characters so far
  std::uint8_t depth_ = 0;
  NameFault fault_ = NameFault::none;
};

}  // namespace surefoot
