// SPDX-License-Identifier: MIT
//
// Whether an address is code.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/address.hpp"

namespace surefoot::detail {

/// True if a whole instruction is at `at`, in one of the ranges.
[[nodiscard]] constexpr bool is_text(std::span<const AddressRange> text, std::uint64_t at) noexcept {
  bool is_inside = false;
  for (const AddressRange& range : text) is_inside |= range.contains(at, instruction_size);
  return is_inside && at % instruction_size == 0;
}

}  // namespace surefoot::detail
