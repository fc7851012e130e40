// SPDX-License-Identifier: MIT
//
// A frame table: for any instruction of the program, where its caller's registers are. It is a section in the SFrame
// format, version 3 [sframe], read where it lies: as GNU binutils 2.46 and later write it (--gsframe), or as the host
// tool `surefoot frames` makes it from a linked image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/rule.hpp"

namespace surefoot {

/// Why a section is refused. The enumerator is also its name in logs (to_string).
enum class FrameTableError : std::uint8_t {
  truncated,           ///< shorter than its header, or than what the header says
  not_sframe,          ///< no SFrame magic number
  other_byte_order,    ///< big-endian
  version_1,           ///< SFrame version 1, of GNU binutils 2.40
  version_2,           ///< SFrame version 2, of GNU binutils 2.41 to 2.45
  unknown_version,     ///< any other
  unknown_flags,       ///< a flag that version 3 does not define
  other_architecture,  ///< not AArch64 little-endian
  unsorted,            ///< the index is not in the order of addresses, or two functions overlap
};

/// A view of a section, which must stay in place. A value, cheap to copy.
class FrameTable {
 public:
  /// Checks the header, and that the index is sorted: O(functions). Reads the section only. `address` is where the
  /// section's first byte is for the code that it describes: its own address, except for a foreign image's section.
  /// Any context; reads no other memory; does not allocate.
  [[nodiscard]] static std::expected<FrameTable, FrameTableError> from_section(std::span<const std::byte> section,
                                                                               std::uint64_t address) noexcept;

  /// The rule that holds before the instruction at `pc` is executed; Rule{} (not known) if the table has none, or is
  /// corrupt there. O(log functions + rows of the function). Reads the section only; any context, NMI included.
  [[nodiscard]] Rule find(std::uint64_t pc) const noexcept { return find_(*this, pc); }

 private:
  FrameTable() = default;

  // By pointer, so that a walk without a frame table does not link the reader.
  using Find = Rule (*)(const FrameTable& table, std::uint64_t pc) noexcept;
  static Rule find_in_section(const FrameTable& table, std::uint64_t pc) noexcept;
  [[nodiscard]] std::uint64_t start_is_from(std::size_t number) const noexcept;

  Find find_ = nullptr;
  std::span<const std::byte> index_;
  std::span<const std::byte> rows_;
  std::uint64_t index_address_ = 0;
  std::uint64_t start_base_ = 0;  // of function starts, unless each is relative to its own field
  bool is_start_field_relative_ = false;
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(FrameTableError error) noexcept;

}  // namespace surefoot
