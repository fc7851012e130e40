// SPDX-License-Identifier: MIT
//
// Made-up tables of special code.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/special_ranges.hpp"

namespace bench {

inline constexpr std::size_t max_range_count = 10'000;
inline constexpr std::uint64_t range_size = 0x20;

/// Makes a table of ranges, each at the beginning of a function (chain.hpp) of the special code: a return hook first,
/// then other code, with the rule that a frame record describes it. Valid until the next one is made.
[[nodiscard]] surefoot::SpecialRanges make_special_ranges(std::size_t count) noexcept;

/// The start of range `index`.
[[nodiscard]] std::uint64_t special_range_start(std::size_t index) noexcept;

/// Counts a hit and a miss between the ranges, for tables of all sizes.
void count_special_ranges() noexcept;

}  // namespace bench
