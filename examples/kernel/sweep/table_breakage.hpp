// SPDX-License-Identifier: MIT
//
// The part of breakage.hpp that is about the frame table: a copy of the linked one, with one thing wrong in all rows
// that have it.
#pragma once

#include <cstddef>
#include <span>

#include "surefoot/frame_table.hpp"

namespace sweep {

/// The linked frame table, broken as the name says; it stays in place until the next call. Null if there is no such
/// name, or if nothing in the table can be broken so.
[[nodiscard]] const surefoot::FrameTable* broken_frame_table(std::span<const char> name) noexcept;

/// The names, null after the last.
[[nodiscard]] const char* table_rule_name(std::size_t index) noexcept;

}  // namespace sweep
