// SPDX-License-Identifier: MIT
//
// Made-up frame tables, of functions of one form: they push a frame of 32 bytes with the record at its bottom, run with
// x29 at it, and pop it.
#pragma once

#include <cstddef>

#include "surefoot/frame_table.hpp"

namespace bench {

inline constexpr std::size_t max_function_count = 100'000;

/// Makes a table of the first `count` functions of the plain code (chain.hpp); null, and a failure, if it is refused.
/// Valid until the next one is made.
[[nodiscard]] const surefoot::FrameTable* make_frame_table(std::size_t count) noexcept;

/// Counts finding a rule, for tables of all sizes.
void count_frame_tables() noexcept;

}  // namespace bench
