// SPDX-License-Identifier: MIT
//
// Builds special-range tables from absolute addresses.
#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "surefoot/special_ranges.hpp"

namespace surefoot::testing {

/// A table that pretends to lie at `table_at`, within 2 GiB of the code that it describes.
class RangeTable {
 public:
  explicit RangeTable(std::uint64_t table_at) : table_at_(table_at) {}

  RangeTable& add(std::uint64_t start, std::uint64_t end, SpecialKind kind, Rule rule = {});
  RangeTable& add(const AddressRange& range, SpecialKind kind, Rule rule = {}) {
    return add(range.start(), range.end(), kind, rule);
  }
  /// The entry as it is in memory, for a test to spoil.
  [[nodiscard]] SpecialRangeEntry& entry(std::size_t index) { return entries_[index]; }
  /// The view, which refers to this object.
  [[nodiscard]] std::expected<SpecialRanges, SpecialRangesError> make() const& {
    return SpecialRanges::make(entries_, table_at_);
  }
  void make() const&& = delete;

 private:
  std::uint64_t table_at_;
  std::vector<SpecialRangeEntry> entries_;
};

/// The rule of the trampolines that have the two records, a saved pc, and saved registers.
inline constexpr Rule trampoline_rule{
    .pc = From::frame_record,
    .in_flight = 2,
    .offset = SUREFOOT_FTRACE_FRAME_OFFSET_PC - SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD,
    .fp_offset = SUREFOOT_FTRACE_FRAME_OFFSET_FP - SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD};

/// The table of the program in code_map.hpp.
[[nodiscard]] const RangeTable& usual_table();

/// The same program, with the rules that its trampolines would have in full.
[[nodiscard]] const RangeTable& ruled_table();

}  // namespace surefoot::testing
