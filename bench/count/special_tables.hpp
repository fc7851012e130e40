// SPDX-License-Identifier: MIT
//
// Made-up tables of special code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/special_ranges.hpp"

namespace bench {

inline constexpr std::size_t max_range_count = 10'000;
inline constexpr std::uint64_t special_table_at = 0x7000'0000;  // where the table pretends to lie

/// Which code has how many special ranges.
struct RangeCounts {
  std::size_t image = 0;
  std::size_t modules = 0;
  std::size_t each_module = 0;
};

/// Lays the table of the image's ranges and behind them those of each module, the ranges as code.hpp places them: in
/// the image a return hook first and exception entry after it; all the others are other code, with the rule that a
/// frame record describes it. In place until the next one is laid. Requires max_range_count entries at most.
[[nodiscard]] std::span<const surefoot::SpecialRangeEntry> lay_special_table(const RangeCounts& counts) noexcept;

}  // namespace bench
