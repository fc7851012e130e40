// SPDX-License-Identifier: MIT
//
// Checking the table of special code, in both of its forms.
#include "surefoot/special_ranges.hpp"

namespace surefoot {
namespace {

using enum SpecialRangesFault;

bool is_known_kind(SpecialKind kind) noexcept {
  return kind >= SpecialKind::exception_entry && kind <= SpecialKind::call_without_record;
}

bool is_known_rule(const Rule& rule) noexcept {
  const bool is_pc_known = rule.pc <= From::exception_frame;
  // Only the two registers can become a link register, and only of a caller whose pc did not come with a frame.
  const bool is_lr_register = rule.lr == From::link_register || rule.lr == From::x9;
  const bool is_lr_allowed = rule.pc == From::link_register || rule.pc == From::x9 || rule.pc == From::stack;
  constexpr std::uint8_t max_in_flight = 2;
  // The caller's sp, of code that has not moved it, or has made room.
  const bool is_base_known = rule.base == Base::none ? rule.cfa_offset == 0
                                                     : rule.base == Base::sp && is_lr_allowed && rule.cfa_offset >= 0 &&
                                                           rule.cfa_offset % 16 == 0;
  return is_pc_known && rule.in_flight <= max_in_flight && is_base_known &&
         (rule.fp_offset == 0 || rule.pc == From::frame_record) &&
         (rule.lr == From::nowhere || (is_lr_register && is_lr_allowed));
}

bool are_reserved_bits_zero(const SpecialRangeEntry& entry) noexcept {
  const bool is_known = (entry.caller_sp & SUREFOOT_CALLER_SP_IS_KNOWN) != 0;
  const unsigned offset = entry.caller_sp & ~unsigned{SUREFOOT_CALLER_SP_IS_KNOWN};
  return offset % 16 == 0 && (is_known || offset == 0);
}

// Looks at the entries in their order.
class Checker {
 public:
  [[nodiscard]] constexpr bool accepts(std::uint64_t start, std::uint64_t end, SpecialKind kind, const Rule& rule,
                                       bool is_reserved_zero) noexcept {
    if (start >= end) return refuse(empty_range);
    if ((start | end) % instruction_size != 0) return refuse(misaligned);
    if (start < previous_start_) return refuse(unsorted);
    if (start < previous_end_) return refuse(overlapping);
    if (!is_known_kind(kind)) return refuse(unknown_kind);
    // First: a producer that uses them may mean another rule.
    if (!is_reserved_zero) return refuse(nonzero_reserved);
    if (!is_known_rule(rule)) return refuse(unknown_rule);
    previous_start_ = start;
    previous_end_ = end;
    ++index_;
    return true;
  }
  [[nodiscard]] constexpr std::unexpected<SpecialRangesError> error() const noexcept {
    return std::unexpected(SpecialRangesError{fault_, index_});
  }

 private:
  constexpr bool refuse(SpecialRangesFault fault) noexcept {
    fault_ = fault;
    return false;
  }

  std::uint64_t previous_start_ = 0;
  std::uint64_t previous_end_ = 0;
  std::size_t index_ = 0;
  SpecialRangesFault fault_ = empty_table;
};

}  // namespace

std::expected<SpecialRanges, SpecialRangesError> SpecialRanges::make(std::span<const SpecialRangeEntry> entries,
                                                                     std::uint64_t table_at) noexcept {
  Checker checker;
  if (entries.empty()) return checker.error();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const SpecialRangeEntry& entry = entries[i];
    const std::uint64_t entry_at = table_at + i * sizeof(SpecialRangeEntry);
    if (!checker.accepts(entry.start(entry_at), entry.end(entry_at), static_cast<SpecialKind>(entry.kind),
                         entry.unpacked_rule(), are_reserved_bits_zero(entry))) {
      return checker.error();
    }
  }
  SpecialRanges made = none();
  made.entries_ = entries.data();
  made.table_at_ = table_at;
  made.size_ = static_cast<std::uint32_t>(entries.size());
  return made;
}

std::expected<SpecialRanges, SpecialRangesError> SpecialRanges::make(std::span<const SpecialRange> ranges) noexcept {
  Checker checker;
  if (ranges.empty()) return checker.error();
  for (const SpecialRange& range : ranges) {
    if (!checker.accepts(range.range.start(), range.range.end(), range.kind, range.rule, true)) return checker.error();
  }
  SpecialRanges made = none();
  made.absolute_ = ranges.data();
  made.size_ = static_cast<std::uint32_t>(ranges.size());
  return made;
}

SpecialRange SpecialRanges::find(std::uint64_t pc) const noexcept {
  // The invariant: ranges before `low` start at or below pc, those from `high` on start above it.
  std::size_t low = 0;
  std::size_t high = size_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if ((*this)[middle].range.start() <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return {};
  const SpecialRange found = (*this)[low - 1];
  return found.range.contains(pc, 1) ? found : SpecialRange{};
}

}  // namespace surefoot
