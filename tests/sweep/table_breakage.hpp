// SPDX-License-Identifier: MIT
//
// The part of breakage.hpp that is about the frame table: a copy of the linked one, with one thing wrong in all rows
// that have it.
#pragma once

#include <cstddef>
#include <span>

#include "surefoot/frame_table.hpp"

namespace sweep {

/// True if broken_frame_table() knows the name.
[[nodiscard]] bool is_table_rule(std::span<const char> name) noexcept;

/// The linked frame table, broken as the name says; it stays in place until the next call. One without rules if nothing
/// in the table can be broken so. Requires is_table_rule(name).
[[nodiscard]] surefoot::FrameTable broken_frame_table(std::span<const char> name) noexcept;

/// The names, null after the last.
[[nodiscard]] const char* table_rule_name(std::size_t index) noexcept;

}  // namespace sweep
