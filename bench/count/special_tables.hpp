// SPDX-License-Identifier: MIT
//
// Made-up tables of special code: one of the image, and one of each module.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/special_ranges.hpp"

namespace bench {

inline constexpr std::size_t max_range_count = 10'000;

/// Which code has how many special ranges.
struct RangeCounts {
  std::size_t image = 0;
  std::size_t modules = 0;
  std::size_t each_module = 0;
};

/// A table, and where it pretends to lie.
struct SpecialTable {
  std::span<const surefoot::SpecialRangeEntry> entries;
  std::uint64_t at = 0;
};

/// Lays the table of the image first, and behind it that of each module. The ranges are as code.hpp places them: in the
/// image a return hook first and exception entry after it; all the others are other code, with the rule that a frame
/// record describes it. In place until the next ones are laid. Requires max_range_count entries at most.
[[nodiscard]] std::span<const SpecialTable> lay_special_tables(const RangeCounts& counts) noexcept;

}  // namespace bench
