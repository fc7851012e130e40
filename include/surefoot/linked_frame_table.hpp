// SPDX-License-Identifier: MIT
//
// The frame table of the running program. Inline, so that only a program that asks for it refers to the linker's
// symbols, and only such a program has to place the section (surefoot-frames.ld.inc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>

#include "surefoot/frame_table.hpp"

extern "C" {
// Set by the linker. Hidden, so that the addresses are formed relative to the pc, with or without a relocated image.
[[gnu::visibility("hidden")]] extern const std::byte __surefoot_frame_table_start[];
[[gnu::visibility("hidden")]] extern const std::byte __surefoot_frame_table_end[];
}

namespace surefoot {

/// The program's `.sframe`, checked: FrameTable::from_section() on it. One that is not there is refused as truncated.
/// Any context. The result is a view; what a Context points to is a copy that must stay in place.
[[nodiscard]] inline std::expected<FrameTable, FrameTableError> linked_frame_table() noexcept {
  // Through integers: the two symbols are not known to the compiler to bound one array.
  const auto start = reinterpret_cast<std::uintptr_t>(__surefoot_frame_table_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__surefoot_frame_table_end);
  return FrameTable::from_section({__surefoot_frame_table_start, end - start}, start);
}

}  // namespace surefoot
