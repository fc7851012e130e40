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

bool is_known_rule(std::uint8_t form) noexcept {
  return form == SUREFOOT_RULE_NONE || form == SUREFOOT_RULE_FRAME_RECORD;
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
    if (!is_known_rule(entry.rule_form)) return refuse(Code::unknown_rule);
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
          .rule = {.form = static_cast<Rule::Form>(entry.rule_form), .saved_pc_offset = entry.saved_pc_offset}};
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
