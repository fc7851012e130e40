// SPDX-License-Identifier: MIT
//
// The special-range table of the running program. Inline, so that only a program that asks for it refers to the
// linker's symbols, and only such a program has to place the section (surefoot-ranges.ld.inc).
#pragma once

#include <cstdint>
#include <expected>

#include "surefoot/special_ranges.hpp"

extern "C" {
// Set by the linker. Hidden, so that the addresses are formed relative to the pc, with or without a relocated image.
[[gnu::visibility("hidden")]] extern const surefoot::SpecialRangeEntry __surefoot_ranges_start[];
[[gnu::visibility("hidden")]] extern const surefoot::SpecialRangeEntry __surefoot_ranges_end[];
}

namespace surefoot {

/// The table that the linker gathered for this program, checked: SpecialRanges::make() on it. A program without special
/// code has an empty one, which is refused: it says SpecialRanges::none() instead. Any context.
[[nodiscard]] inline std::expected<SpecialRanges, SpecialRangesError> linked_special_ranges() noexcept {
  // Through integers: the two symbols are not known to the compiler to bound one array.
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_ranges_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__surefoot_ranges_end);
  return SpecialRanges::make({__surefoot_ranges_start, (end - start) / sizeof(SpecialRangeEntry)});
}

}  // namespace surefoot
