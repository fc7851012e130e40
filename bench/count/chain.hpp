// SPDX-License-Identifier: MIT
//
// Made-up chains of frame records on a made-up stack: where the code of each frame pretends to lie, and what a walk of
// the chain has to give.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/surefoot.hpp"

namespace bench {

inline constexpr std::size_t max_depth = 10'000;

/// The made-up text: 16 MiB of plain code, and special code above it, for which see special_tables.hpp.
inline constexpr std::uint64_t text_start = 0x5000'0000;
inline constexpr std::uint64_t plain_code_end = 0x5100'0000;
inline constexpr std::uint64_t special_code_start = plain_code_end;
inline constexpr std::uint64_t text_end = 0x5200'0000;

/// A chain. Frame 0 is the innermost.
struct Shape {
  std::size_t depth = 0;             ///< frames that a walk gives
  std::size_t exception_before = 0;  ///< if not 0, this frame was interrupted: an exception frame precedes it
  std::size_t hooked = 0;            ///< so many of the outermost frames have a rewritten return address
  std::uint64_t hook = 0;            ///< what was written in place of it
  std::uint64_t code_start = text_start;
  std::size_t function_count = max_depth;  ///< frame i is in function i modulo this; see pc_in_function()

  [[nodiscard]] constexpr std::uint64_t pc(std::size_t index) const noexcept;
};

/// Functions are of this size, and all of one form; see frame_tables.hpp.
inline constexpr std::uint64_t function_size = 0x40;
inline constexpr std::uint64_t pc_offset = 0x34;

constexpr std::uint64_t Shape::pc(std::size_t index) const noexcept {
  return code_start + index % function_count * function_size + pc_offset;
}

/// What a walk gets, in place for as long as no other chain is made.
struct Chain {
  surefoot::Start start;
  surefoot::Context context;  ///< exact but for special_ranges and frame_table: none
  std::uint64_t first_record_at;
};

/// Lays a chain on the made-up stack. Requires depth <= max_depth and hooked < depth.
[[nodiscard]] Chain make_chain(const Shape& shape) noexcept;

}  // namespace bench
