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

#include "surefoot/address.hpp"
#include "surefoot/config.hpp"
#include "surefoot/error.hpp"
#include "surefoot/rule.hpp"

namespace surefoot {

/// What can be wrong with a section.
enum class FrameTableFault : std::uint8_t {
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

/// Why a section is refused, and the first function of the index that is wrong.
using FrameTableError = Error<FrameTableFault>;

/// A view of a section, which must stay in place. A value, cheap to copy. A default-constructed one has no rules.
class FrameTable {
 public:
  constexpr FrameTable() = default;

  /// Checks the header, and that the index is sorted: O(functions). Reads the section only. `address` is where the
  /// section's first byte is for the code that it describes: its own address, except for a foreign image's section.
  /// Any context; reads no other memory; does not allocate.
  [[nodiscard]] static std::expected<FrameTable, FrameTableError> make(std::span<const std::byte> section,
                                                                       std::uint64_t address) noexcept;
  /// The same for a section that lies where it belongs.
  [[nodiscard]] static std::expected<FrameTable, FrameTableError> make(std::span<const std::byte> section) noexcept {
    return make(section, reinterpret_cast<std::uintptr_t>(section.data()));
  }
#if SUREFOOT_HAS_ASM
  /// The section of the running program, checked; refused as truncated if there is none (surefoot-frames.ld.inc). Any
  /// context.
  [[nodiscard]] static inline std::expected<FrameTable, FrameTableError> linked() noexcept;
#endif

  /// True unless it was default-constructed.
  [[nodiscard]] constexpr bool exists() const noexcept { return find_ != nullptr; }

  /// How many functions the index has, or parts of functions.
  [[nodiscard]] constexpr std::uint32_t function_count() const noexcept { return function_count_; }
  /// Where the function at `index` of the index is. Requires index < function_count(). Reads the section only; any
  /// context.
  [[nodiscard]] AddressRange function(std::uint32_t index) const noexcept;

  /// The rule that holds before the instruction at `pc` is executed; Rule{} (not known) if the table has none, or is
  /// corrupt there. O(log functions + rows of the function). Reads the section only; any context, NMI included.
  [[nodiscard]] Rule find(std::uint64_t pc) const noexcept {
    return find_ != nullptr ? find_(*this, pc, nullptr) : Rule{};
  }
  /// The same, and where the function starts that the row is of, or the part of one; 0 if the table has none there.
  [[nodiscard]] Rule find(std::uint64_t pc, std::uint64_t& function) const noexcept {
    function = 0;
    return find_ != nullptr ? find_(*this, pc, &function) : Rule{};
  }

 private:
  // By pointer, so that a walk without a frame table does not link the reader.
  using Find = Rule (*)(const FrameTable& table, std::uint64_t pc, std::uint64_t* function) noexcept;
  template <bool is_near>
  static Rule find_in_section(const FrameTable& table, std::uint64_t pc, std::uint64_t* function) noexcept;

  Find find_ = nullptr;
  const std::byte* index_ = nullptr;
  std::span<const std::byte> rows_;
  std::uint64_t start_base_ = 0;  // what the start in the first entry of the index counts from
  std::uint32_t function_count_ = 0;
  std::uint32_t start_stride_ = 0;  // by how much that differs from entry to entry
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(FrameTableFault fault) noexcept;

}  // namespace surefoot

#if SUREFOOT_HAS_ASM
extern "C" {
// Set by the linker. Hidden, so that the addresses are formed relative to the pc, with or without a relocated image.
[[gnu::visibility("hidden")]] extern const std::byte __surefoot_frame_table_start[];
[[gnu::visibility("hidden")]] extern const std::byte __surefoot_frame_table_end[];
}

// Inline, so that only a program that asks for it refers to the linker's symbols, and only such a program has to place
// the section. Through integers: the two symbols are not known to the compiler to bound one array.
inline std::expected<surefoot::FrameTable, surefoot::FrameTableError> surefoot::FrameTable::linked() noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_frame_table_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__surefoot_frame_table_end);
  return make({__surefoot_frame_table_start, end - start}, start);
}
#endif
