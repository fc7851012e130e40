// SPDX-License-Identifier: MIT
//
// Made-up chains of frame records on made-up stacks, and what a walk of each has to give. Nothing here knows how a walk
// is told of them; see kernel_like.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/address.hpp"

namespace bench {

inline constexpr std::size_t max_depth = 10'000;

struct FrameShape {
  std::uint64_t pc = 0;
  std::uint64_t hook = 0;  ///< what was written in place of it, as a return address; 0: nothing
};

/// A chain, the innermost frame first.
struct Shape {
  std::span<const FrameShape> frames;
  std::size_t interrupted = 0;           ///< if not 0, this frame was interrupted: an exception frame precedes it
  bool is_handler_on_irq_stack = false;  ///< the frames before it, and the exception frame, are on the IRQ stack
};

/// Frames of plain code, frame i in function i modulo `function_count` of the code that begins at `code_start`. They
/// may be changed. Valid until the next ones are made. Requires depth <= max_depth.
[[nodiscard]] std::span<FrameShape> make_plain_frames(std::size_t depth, std::uint64_t code_start,
                                                      std::size_t function_count = max_depth) noexcept;

/// What an entry of the return stack says.
struct Rewritten {
  std::uint64_t return_address;
  std::uint64_t key;
  std::uint64_t hook;
};

/// A chain that was laid.
struct Chain {
  std::uint64_t fp;  ///< of the innermost frame, and its sp
  std::uint64_t pc;
  std::uint64_t final_record_at;
  std::span<const Rewritten> rewritten;  ///< the oldest first
  surefoot::AddressRange task_stack;
  surefoot::AddressRange irq_stack;
  surefoot::AddressRange shadow_call_stack;
};

/// Return addresses are signed in these bits.
inline constexpr unsigned address_bits = 48;

/// Lays a chain on the stacks. In place until the next one is laid. Requires a frame at least, and no hook in an
/// interrupted frame and in the innermost.
[[nodiscard]] Chain lay_chain(const Shape& shape) noexcept;

}  // namespace bench
