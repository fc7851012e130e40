// SPDX-License-Identifier: MIT
//
// Made-up frame tables, as sections, of functions of one form: they push a frame of 32 bytes with the record at its
// bottom, run with x29 at it, and pop it.
#pragma once

#include <cstddef>
#include <span>

#include "surefoot/rule.hpp"

namespace bench {

inline constexpr std::size_t max_function_count = 100'000;

/// Lays the table of the first `count` functions of the code that begins at `code_start`; the last may be one that has
/// no caller. In place until the next one is laid; of no functions, nothing. Requires count <= max_function_count.
[[nodiscard]] std::span<const std::byte> lay_frame_section(std::size_t count, std::uint64_t code_start,
                                                           bool has_outermost) noexcept;

/// What it says of pc_in_function().
inline constexpr surefoot::Rule rule_in_function{
    .pc = surefoot::From::saved_pair, .base = surefoot::Base::fp, .offset = 8, .fp_offset = 0, .cfa_offset = 32};

}  // namespace bench
