// SPDX-License-Identifier: MIT
//
// Checking and searching the table of special code.
#include "surefoot/special_ranges.hpp"

#include <cstddef>

namespace surefoot {
namespace {

using Code = SpecialRangesError::Code;

struct Bounds {
  std::uint64_t start;
  std::uint64_t end;
};

std::uint64_t add(std::uint64_t address, std::int32_t offset) noexcept {
  return address + static_cast<std::uint64_t>(std::int64_t{offset});
}

// Each offset counts from its own field.
Bounds bounds_of(const SpecialRangeEntry& entry, std::uint64_t entry_at) noexcept {
  return {add(entry_at + offsetof(SpecialRangeEntry, start_offset), entry.start_offset),
          add(entry_at + offsetof(SpecialRangeEntry, end_offset), entry.end_offset)};
}

bool is_known_kind(std::uint8_t kind) noexcept {
  return kind >= SUREFOOT_SPECIAL_EXCEPTION_ENTRY && kind <= SUREFOOT_SPECIAL_OTHER;
}

Rule unpack(const SpecialRangeEntry& entry) noexcept {
  constexpr unsigned from_mask = 7;
  return {.pc = static_cast<From>(entry.rule & from_mask),
          .lr = static_cast<From>(entry.rule >> SUREFOOT_RULE_SHIFT_LR & from_mask),
          .in_flight = static_cast<std::uint8_t>(entry.rule >> SUREFOOT_RULE_SHIFT_IN_FLIGHT),
          .offset = entry.rule_offset};
}

bool is_known_rule(const Rule& rule) noexcept {
  const bool is_pc_known = rule.pc <= From::return_stack;
  // Only the two registers can become a link register, and only of a caller whose pc did not come with a frame.
  const bool is_lr_register = rule.lr == From::link_register || rule.lr == From::x9;
  const bool is_lr_allowed = rule.pc == From::link_register || rule.pc == From::x9 || rule.pc == From::stack;
  constexpr std::uint8_t max_in_flight = 2;
  return is_pc_known && rule.in_flight <= max_in_flight &&
         (rule.lr == From::nowhere || (is_lr_register && is_lr_allowed));
}

}  // namespace

std::expected<SpecialRanges, SpecialRangesError> SpecialRanges::make(std::span<const SpecialRangeEntry> entries,
                                                                     std::uint64_t table_at) noexcept {
  Bounds previous{0, 0};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const SpecialRangeEntry& entry = entries[i];
    const Bounds bounds = bounds_of(entry, table_at + i * sizeof(SpecialRangeEntry));
    const auto refuse = [i](Code code) { return std::unexpected(SpecialRangesError{code, i}); };
    if (bounds.start >= bounds.end) return refuse(Code::empty_range);
    if ((bounds.start | bounds.end) % instruction_size != 0) return refuse(Code::misaligned);
    if (bounds.start < previous.start) return refuse(Code::unsorted);
    if (bounds.start < previous.end) return refuse(Code::overlapping);
    if (!is_known_kind(entry.kind)) return refuse(Code::unknown_kind);
    if (!is_known_rule(unpack(entry))) return refuse(Code::unknown_rule);
    if (entry.reserved != 0) return refuse(Code::nonzero_reserved);
    previous = bounds;
  }

  SpecialRanges ranges = none();
  ranges.entries_ = entries;
  ranges.table_at_ = table_at;
  if (!entries.empty()) ranges.bounds_ = AddressRange(ranges[0].range.start(), previous.end);
  return ranges;
}

SpecialRange SpecialRanges::operator[](std::size_t index) const noexcept {
  const SpecialRangeEntry& entry = entries_[index];
  const Bounds bounds = bounds_of(entry, table_at_ + index * sizeof(SpecialRangeEntry));
  return {.range = AddressRange(bounds.start, bounds.end),
          .kind = static_cast<SpecialKind>(entry.kind),
          .rule = unpack(entry)};
}

SpecialRange SpecialRanges::search(std::uint64_t pc) const noexcept {
  // The invariant: entries before `low` start at or below pc, those from `high` on start above it.
  std::size_t low = 0;
  std::size_t high = entries_.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if ((*this)[middle].range.start() <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return {};
  const SpecialRange candidate = (*this)[low - 1];
  return candidate.range.contains(pc, 1) ? candidate : SpecialRange{};
}

}  // namespace surefoot
