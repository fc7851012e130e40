// SPDX-License-Identifier: MIT
//
// Checking and searching the table of special code.
#include "surefoot/special_ranges.hpp"

namespace surefoot {
namespace {

using Code = SpecialRangesError::Code;

bool is_known_kind(std::uint8_t kind) noexcept {
  return kind >= SUREFOOT_SPECIAL_EXCEPTION_ENTRY && kind <= SUREFOOT_SPECIAL_OTHER;
}

bool is_known_rule(const Rule& rule) noexcept {
  const bool is_pc_known = rule.pc <= From::return_stack;
  // Only the two registers can become a link register, and only of a caller whose pc did not come with a frame.
  const bool is_lr_register = rule.lr == From::link_register || rule.lr == From::x9;
  const bool is_lr_allowed = rule.pc == From::link_register || rule.pc == From::x9 || rule.pc == From::stack;
  constexpr std::uint8_t max_in_flight = 2;
  // Only code with a record has a second copy of its caller's registers beside it.
  if (rule.fp_offset != 0 && rule.pc != From::frame_record) return false;
  return is_pc_known && rule.in_flight <= max_in_flight &&
         (rule.lr == From::nowhere || (is_lr_register && is_lr_allowed));
}

}  // namespace

std::expected<SpecialRanges, SpecialRangesError> SpecialRanges::make(std::span<const SpecialRangeEntry> entries,
                                                                     std::uint64_t table_at) noexcept {
  if (entries.empty()) return std::unexpected(SpecialRangesError{Code::empty_table, 0});
  std::uint64_t previous_start = 0;
  std::uint64_t previous_end = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const SpecialRangeEntry& entry = entries[i];
    const std::uint64_t entry_at = table_at + i * sizeof(SpecialRangeEntry);
    const std::uint64_t start = entry.start(entry_at);
    const std::uint64_t end = entry.end(entry_at);
    const auto refuse = [i](Code code) { return std::unexpected(SpecialRangesError{code, i}); };
    if (start >= end) return refuse(Code::empty_range);
    if ((start | end) % instruction_size != 0) return refuse(Code::misaligned);
    if (start < previous_start) return refuse(Code::unsorted);
    if (start < previous_end) return refuse(Code::overlapping);
    if (!is_known_kind(entry.kind)) return refuse(Code::unknown_kind);
    if (!is_known_rule(entry.unpacked_rule())) return refuse(Code::unknown_rule);
    if (entry.reserved != 0) return refuse(Code::nonzero_reserved);
    previous_start = start;
    previous_end = end;
  }

  SpecialRanges ranges = none();
  ranges.entries_ = entries;
  ranges.table_at_ = table_at;
  ranges.bounds_ = AddressRange(entries[0].start(table_at), previous_end);
  return ranges;
}

std::size_t SpecialRanges::first_above(std::uint64_t pc) const noexcept {
  if (!bounds_.contains(pc, 1)) return pc < bounds_.start() ? 0 : entries_.size();
  // The invariant: entries before `low` start at or below pc, those from `low + count` on start above it.
  std::size_t low = 0;
  std::size_t count = entries_.size();
  while (count > 0) {
    const std::size_t half = count / 2;
    const std::size_t middle = low + half;
    if (start(middle) <= pc) {
      low = middle + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return low;
}

}  // namespace surefoot
