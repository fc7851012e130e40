// SPDX-License-Identifier: MIT
//
// The table of special code: code that a frame record does not describe, such as exception entry and trampolines. A
// range is declared where its code is (asm.h, special_function.hpp), and the linker sorts the entries by address; code
// that is made at run time brings a table of its own. The code map (code_map.hpp) makes intervals of the tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/config.hpp"
#include "surefoot/error.hpp"
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
  /// A call that is made before its function has a frame record. It concerns return addresses only: the record that
  /// fp points to is then the caller's. Code that is interrupted at the call itself is ordinary.
  call_without_record = SUREFOOT_SPECIAL_CALL_WITHOUT_RECORD,
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
  std::int16_t registers_offset;  ///< Rule::fp_offset
  std::uint16_t caller_sp;        ///< Rule::cfa_offset from sp, and SUREFOOT_CALLER_SP_IS_KNOWN; or 0

  /// The first address of the range of an entry that is at `entry_at` in the program.
  [[nodiscard]] constexpr std::uint64_t start(std::uint64_t entry_at) const noexcept {
    return offset_by(entry_at, start_offset);
  }
  /// The address behind it.
  [[nodiscard]] constexpr std::uint64_t end(std::uint64_t entry_at) const noexcept {
    return offset_by(entry_at + sizeof start_offset, end_offset);
  }
  [[nodiscard]] constexpr Rule unpacked_rule() const noexcept {
    constexpr unsigned from_mask = 7;
    const bool is_caller_sp_known = (caller_sp & SUREFOOT_CALLER_SP_IS_KNOWN) != 0;
    return {.pc = static_cast<From>(rule & from_mask),
            .lr = static_cast<From>(rule >> SUREFOOT_RULE_SHIFT_LR & from_mask),
            .in_flight = static_cast<std::uint8_t>(rule >> SUREFOOT_RULE_SHIFT_IN_FLIGHT),
            .base = is_caller_sp_known ? Base::sp : Base::none,
            .offset = rule_offset,
            .fp_offset = registers_offset,
            .cfa_offset = caller_sp & ~SUREFOOT_CALLER_SP_IS_KNOWN};
  }
};
static_assert(sizeof(SpecialRangeEntry) == SUREFOOT_RANGE_ENTRY_SIZE);

/// A range by absolute addresses: a decoded entry, and the form of tables that are made at run time.
struct SpecialRange {
  AddressRange range;
  SpecialKind kind = SpecialKind::none;
  Rule rule{};

  [[nodiscard]] constexpr bool is_special() const noexcept { return kind != SpecialKind::none; }
  /// True if a function that returns to `pc` was hooked: pc is the first instruction of a return trampoline. Compare
  /// before anything is subtracted from a return address.
  [[nodiscard]] constexpr bool is_return_hook_at(std::uint64_t pc) const noexcept {
    return is_return_hook(kind) && range.start() == pc;
  }
};

/// What can be wrong with an entry.
enum class SpecialRangesFault : std::uint8_t {
  empty_table,      ///< no entry at all: a kernel that has no special code says so by SpecialRanges::none()
  empty_range,      ///< start is not below end, or the range would wrap round
  misaligned,       ///< a bound is not a multiple of 4
  unsorted,         ///< starts below the entry before it
  overlapping,      ///< starts inside the entry before it
  unknown_kind,     ///< a kind that is none of SpecialKind
  unknown_rule,     ///< a rule that cannot be: an unknown source, or one that does not fit its place
  nonzero_reserved  ///< bits that say nothing yet: written by a newer producer
};

/// Why a table was refused, and the first entry that is wrong.
using SpecialRangesError = Error<SpecialRangesFault>;

/// View of a sorted table, which must stay in place. A default-constructed one is refused: a walk through its region
/// never says reliable. A region that has no special code says so with none().
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
  /// The same for a table of the running program that refers to its code relative to itself.
  [[nodiscard]] static std::expected<SpecialRanges, SpecialRangesError> make(
      std::span<const SpecialRangeEntry> entries) noexcept {
    return make(entries, reinterpret_cast<std::uintptr_t>(entries.data()));
  }
  /// The same for a table by absolute addresses: of a module, of generated code, of another machine's memory.
  [[nodiscard]] static std::expected<SpecialRanges, SpecialRangesError> make(
      std::span<const SpecialRange> ranges) noexcept;

#if SUREFOOT_HAS_ASM
  /// The table that the linker gathered for this program (surefoot-ranges.ld.inc), checked. Any context.
  [[nodiscard]] static inline std::expected<SpecialRanges, SpecialRangesError> linked() noexcept;
  /// The calls without a record that `surefoot frames` found in this program, checked; none() if the program has no
  /// such table (surefoot_add_frame_table, surefoot-frames.ld.inc). Any context.
  [[nodiscard]] static inline std::expected<SpecialRanges, SpecialRangesError> linked_calls() noexcept;
#endif

  [[nodiscard]] constexpr bool is_valid() const noexcept { return is_valid_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }

  /// The entry at `index`, decoded. Requires index < size().
  [[nodiscard]] constexpr SpecialRange operator[](std::size_t index) const noexcept {
    if (absolute_ != nullptr) return absolute_[index];
    const SpecialRangeEntry& entry = entries_[index];
    const std::uint64_t entry_at = table_at_ + index * sizeof(SpecialRangeEntry);
    return {.range = AddressRange(entry.start(entry_at), entry.end(entry_at)),
            .kind = static_cast<SpecialKind>(entry.kind),
            .rule = entry.unpacked_rule()};
  }
  [[nodiscard]] constexpr Rule rule(std::size_t index) const noexcept {
    return absolute_ != nullptr ? absolute_[index].rule : entries_[index].unpacked_rule();
  }

  /// The range that contains `pc`, or one that is not special. O(log entries). Any context. A walk asks the code map.
  [[nodiscard]] SpecialRange find(std::uint64_t pc) const noexcept;

 private:
  const SpecialRangeEntry* entries_ = nullptr;
  const SpecialRange* absolute_ = nullptr;
  std::uint64_t table_at_ = 0;
  std::uint32_t size_ = 0;
  bool is_valid_ = false;
};

/// Names, equal to the spelling of the enumerators; never null. Any context.
[[nodiscard]] const char* to_string(SpecialKind kind) noexcept;
[[nodiscard]] const char* to_string(SpecialRangesFault fault) noexcept;

}  // namespace surefoot

#if SUREFOOT_HAS_ASM
extern "C" {
// Set by the linker. Hidden, so that the addresses are formed relative to the pc, with or without a relocated image.
[[gnu::visibility("hidden")]] extern const surefoot::SpecialRangeEntry __surefoot_ranges_start[];
[[gnu::visibility("hidden")]] extern const surefoot::SpecialRangeEntry __surefoot_ranges_end[];
[[gnu::visibility("hidden")]] extern const surefoot::SpecialRangeEntry __surefoot_calls_start[];
[[gnu::visibility("hidden")]] extern const surefoot::SpecialRangeEntry __surefoot_calls_end[];
}

// Inline, so that only a program that asks for a table refers to the linker's symbols, and only such a program has to
// place the section. Through integers: two symbols are not known to the compiler to bound one array.
inline std::expected<surefoot::SpecialRanges, surefoot::SpecialRangesError> surefoot::SpecialRanges::linked() noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_ranges_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__surefoot_ranges_end);
  return make({__surefoot_ranges_start, (end - start) / sizeof(SpecialRangeEntry)});
}

inline std::expected<surefoot::SpecialRanges, surefoot::SpecialRangesError>
surefoot::SpecialRanges::linked_calls() noexcept {
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_calls_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__surefoot_calls_end);
  if (start == end) return none();
  return make({__surefoot_calls_start, (end - start) / sizeof(SpecialRangeEntry)});
}
#endif
