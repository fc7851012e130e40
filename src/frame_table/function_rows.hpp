// SPDX-License-Identifier: MIT
//
// The rows of one function of a frame table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/rule.hpp"

namespace surefoot::detail::sframe {

/// A function of the index, and the place in it that is asked for.
struct Place {
  std::uint64_t data_at;  ///< in the rows of the section
  std::uint64_t function_size;
  std::uint64_t offset;  ///< of the instruction, from the function's start; below function_size
};

/// The rule for the place; Rule{} if there is none. All of the function's description is checked: where a part is
/// corrupt, none is believed.
[[nodiscard]] Rule find_rule(std::span<const std::byte> rows, const Place& place) noexcept;

}  // namespace surefoot::detail::sframe
