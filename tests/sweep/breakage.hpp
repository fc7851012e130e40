// SPDX-License-Identifier: MIT
//
// Shows that the proof can fail: takes one rule out of what the walk knows, or puts another in its place.
#pragma once

#include <span>

#include "surefoot/code_map.hpp"

namespace sweep {

/// Breaks the rule with this name in what the image is said to be. False if there is none, or if it is nowhere in the
/// table.
[[nodiscard]] bool break_rule(std::span<const char> name, surefoot::Region& image) noexcept;

/// True if each rule of the table has a name here, so that breaking it is tested.
[[nodiscard]] bool has_name_for_all(const surefoot::SpecialRanges& ranges) noexcept;

/// The names, null after the last.
[[nodiscard]] const char* rule_name(std::size_t index) noexcept;

}  // namespace sweep
