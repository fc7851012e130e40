// SPDX-License-Identifier: MIT
//
// The program whose trampolines are walked: addresses of the image, and the stacks that its functions are said to have.
// H called G, G called P, P called F.
#pragma once

#include <cstdint>

#include "special_table.hpp"
#include "surefoot/address.hpp"
#include "surefoot/frame_table.hpp"
#include "surefoot/layout.h"

namespace surefoot::testing {

/// Code addresses, all of the image under test. Return addresses are behind calls that are there.
struct Program {
  std::uint64_t f;           ///< where F goes on behind its patch site
  std::uint64_t p;           ///< where F returns to in P
  std::uint64_t g;           ///< where P returns to in G
  std::uint64_t h;           ///< where G returns to in H
  std::uint64_t target;      ///< the entry point that a tracer redirects F to
  std::uint64_t callee;      ///< in what a trampoline called, or in what handles the exception
  std::uint64_t handler;     ///< return_to_handler
  std::uint64_t probe;       ///< a return hook of another mechanism; made up, at the end of text
  std::uint64_t elsewhere;   ///< ordinary code that has no part in this
  std::uint64_t after_call;  ///< the tracers' return address
  AddressRange text;

  /// Those of the image under test.
  [[nodiscard]] static const Program& under_test();
};

/// The special-range table of the image, and behind it the range of the probe's trampoline, which the image has not.
[[nodiscard]] SpecialTable table_with_probe();

/// A frame table that has a row for P at its call, in terms of sp: p_record is where it says only if sp is right.
[[nodiscard]] FrameTable table_of_p();

/// The task's stack. Frames are below call_site_sp, where P called F; records of P and above are over it.
inline constexpr std::uint64_t task_stack = 0x7000'0000;
inline constexpr std::uint64_t call_site_sp = task_stack + 0x800;
inline constexpr std::uint64_t p_record = call_site_sp + 0x20;  // x29 in P, and so the key of F's entries
inline constexpr std::uint64_t g_record = p_record + 0x20;
inline constexpr std::uint64_t final_record = g_record + 0x20;
inline constexpr std::uint64_t task_stack_end = final_record + 0x20;

inline constexpr std::uint64_t ftrace_frame = call_site_sp - SUREFOOT_FTRACE_FRAME_SIZE;
inline constexpr std::uint64_t function_record = ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD;
inline constexpr std::uint64_t caller_record = ftrace_frame + SUREFOOT_FTRACE_FRAME_OFFSET_CALLER_RECORD;
inline constexpr std::uint64_t return_frame = call_site_sp - SUREFOOT_RETURN_FRAME_SIZE;
inline constexpr std::uint64_t return_record = return_frame + SUREFOOT_RETURN_FRAME_OFFSET_RECORD;

inline constexpr std::uint64_t irq_stack = 0x7100'0000;
inline constexpr std::uint64_t irq_stack_end = irq_stack + 0x200;

}  // namespace surefoot::testing
