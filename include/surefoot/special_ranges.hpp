// SPDX-License-Identifier: MIT
//
// The table of special code: code that a frame record does not describe, such as exception entry and trampolines. A
// range is declared where its code is (asm.h, special_function.hpp), the linker sorts the entries by address, and
// this view searches them. It knows nothing of walking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/layout.h"
#include "surefoot/rule.hpp"

namespace surefoot {

/// What a stretch of special code is. The enumerator is also its name in logs (to_string).
enum class SpecialKind : std::uint8_t {
  none = 0,  ///< not special
  exception_entry = SUREFOOT_SPECIAL_EXCEPTION_ENTRY,
  ftrace_call = SUREFOOT_SPECIAL_FTRACE_CALL,
  ftrace_graph_caller = SUREFOOT_SPECIAL_FTRACE_GRAPH_CALLER,
  return_to_handler = SUREFOOT_SPECIAL_RETURN_TO_HANDLER,
  ftrace_trampoline = SUREFOOT_SPECIAL_FTRACE_TRAMPOLINE,
  return_hook = SUREFOOT_SPECIAL_RETURN_HOOK,
  veneer = SUREFOOT_SPECIAL_VENEER,
  other = SUREFOOT_SPECIAL_OTHER,
};

/// True for code whose address is put in place of return addresses.
[[nodiscard]] constexpr bool is_return_hook(SpecialKind kind) noexcept {
  return kind == SpecialKind::return_to_handler || kind == SpecialKind::return_hook;
}

/// One entry as it stands in the section `.surefoot.ranges`. The offsets count from the field itself, so that the table
/// needs no relocation and can be read before the MMU is on.
struct SpecialRangeEntry {
  std::int32_t start_offset;
  std::int32_t end_offset;
  std::uint8_t kind;
  std::uint8_t rule;  ///< packed, see SUREFOOT_RULE_* in layout.h
  std::int16_t rule_offset;
  std::int16_t registers_offset;  ///< from the record to the saved {fp, lr} pair; 0: there is none
  std::uint16_t reserved;         ///< 0

  /// The first address of the range of an entry that is at `entry_at` in the program.
  [[nodiscard]] constexpr std::uint64_t start(std::uint64_t entry_at) const noexcept {
    return entry_at + static_cast<std::uint64_t>(std::int64_t{start_offset});
  }
  /// The address behind it.
  [[nodiscard]] constexpr std::uint64_t end(std::uint64_t entry_at) const noexcept {
    return entry_at + sizeof start_offset + static_cast<std::uint64_t>(std::int64_t{end_offset});
  }
  [[nodiscard]] constexpr Rule unpacked_rule() const noexcept {
    constexpr unsigned from_mask = 7;
    return {.pc = static_cast<From>(rule & from_mask),
            .lr = static_cast<From>(rule >> SUREFOOT_RULE_SHIFT_LR & from_mask),
            .in_flight = static_cast<std::uint8_t>(rule >> SUREFOOT_RULE_SHIFT_IN_FLIGHT),
            .offset = rule_offset,
            .fp_offset = registers_offset};
  }
};
static_assert(sizeof(SpecialRangeEntry) == SUREFOOT_RANGE_ENTRY_SIZE);

/// A decoded entry.
struct SpecialRange {
  AddressRange range;
  SpecialKind kind = SpecialKind::none;
  Rule rule;

  [[nodiscard]] constexpr bool is_special() const noexcept { return kind != SpecialKind::none; }
  /// True if a function that returns to `pc` was hooked: pc is the first instruction of a return trampoline. Compare
  /// before anything is subtracted from a return address.
  [[nodiscard]] constexpr bool is_return_hook_at(std::uint64_t pc) const noexcept {
    return is_return_hook(kind) && range.start() == pc;
  }
};

/// Why a table was refused, and the first entry that is wrong, 0 if there is none.
struct SpecialRangesError {
  enum class Code : std::uint8_t {
    empty_table,   ///< no entries at all, as of a section that nothing was placed in; none() is for those who mean it
    empty_range,   ///< start is not below end
    misaligned,    ///< a bound is not a multiple of 4
    unsorted,      ///< starts below the entry before it
    overlapping,   ///< starts inside the entry before it
    unknown_kind,  ///< a kind that is none of SpecialKind
    unknown_rule,  ///< a rule that cannot be: an unknown source, or one that does not fit its place
    nonzero_reserved  ///< written by a newer producer
  };
  Code code;
  std::size_t index;
};

/// View of a sorted table. A default-constructed one is refused: a walk with it never says reliable. A kernel
/// that has no special code says so with none().
class SpecialRanges {
 public:
  constexpr SpecialRanges() = default;

  /// The view of a valid table that has no entries.
  [[nodiscard]] static constexpr SpecialRanges none() noexcept {
    SpecialRanges ranges;
    ranges.is_valid_ = true;
    return ranges;
  }

  /// Checks that there are entries, and every one, once, and makes the view. `table_at` is the address at which the
  /// table lies in the program that it describes. Reads the entries only; any context; O(entries).
  [[nodiscard]] static std::expected<SpecialRanges, SpecialRangesError> make(std::span<const SpecialRangeEntry> entries,
                                                                             std::uint64_t table_at) noexcept;

  /// The same for the table of the running program.
  [[nodiscard]] static std::expected<SpecialRanges, SpecialRangesError> make(
      std::span<const SpecialRangeEntry> entries) noexcept {
    return make(entries, reinterpret_cast<std::uintptr_t>(entries.data()));
  }

  [[nodiscard]] constexpr bool is_valid() const noexcept { return is_valid_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return entries_.size(); }

  /// The entry at `index`, decoded. Requires index < size().
  [[nodiscard]] SpecialRange operator[](std::size_t index) const noexcept {
    return {.range = AddressRange(start(index), end(index)), .kind = kind(index), .rule = rule(index)};
  }
  /// The parts of it.
  [[nodiscard]] std::uint64_t start(std::size_t index) const noexcept { return entries_[index].start(entry_at(index)); }
  [[nodiscard]] std::uint64_t end(std::size_t index) const noexcept { return entries_[index].end(entry_at(index)); }
  [[nodiscard]] SpecialKind kind(std::size_t index) const noexcept {
    return static_cast<SpecialKind>(entries_[index].kind);
  }
  /// True if a function that returns to `pc` was hooked by the return trampoline that this is.
  [[nodiscard]] bool is_return_hook_at(std::size_t index, std::uint64_t pc) const noexcept {
    return is_return_hook(kind(index)) && start(index) == pc;
  }
  [[nodiscard]] Rule rule(std::size_t index) const noexcept { return entries_[index].unpacked_rule(); }

  /// The index of the first range that starts above `pc`; size() if none does. The range before it, if any, is the only
  /// one that can contain `pc`. Outside the table's bounds this costs a comparison, inside a binary search.
  [[nodiscard]] std::size_t first_above(std::uint64_t pc) const noexcept;

  /// The range that contains `pc`, or one that is not special.
  [[nodiscard]] SpecialRange find(std::uint64_t pc) const noexcept {
    const std::size_t above = first_above(pc);
    return above != 0 && end(above - 1) > pc ? (*this)[above - 1] : SpecialRange{};
  }

 private:
  [[nodiscard]] std::uint64_t entry_at(std::size_t index) const noexcept {
    return table_at_ + index * sizeof(SpecialRangeEntry);
  }

  std::span<const SpecialRangeEntry> entries_;
  std::uint64_t table_at_ = 0;
  AddressRange bounds_;
  bool is_valid_ = false;
};

/// Names, equal to the spelling of the enumerators; never null. Any context.
[[nodiscard]] const char* to_string(SpecialKind kind) noexcept;
[[nodiscard]] const char* to_string(SpecialRangesError::Code code) noexcept;

}  // namespace surefoot
