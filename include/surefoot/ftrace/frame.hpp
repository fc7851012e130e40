// SPDX-License-Identifier: MIT
//
// The registers that the trampolines of entry-ftrace.S save, at the entry and at the return of a traced function. A
// tracer may read them and change them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/layout.h"
#include "surefoot/records.hpp"

namespace surefoot::ftrace {

/// BTI C, the landing pad with which a function may begin [arm-arm C6.2, BTI].
inline constexpr std::uint32_t instruction_bti_c = 0xd503245f;

/// Dictated by entry-ftrace.S: a traced function at its entry. x0 to x8 are always there. x9 to x28 are there only if
/// has_all_registers(); x9 then holds the return address, not what it held in the caller, and x[18] is 0.
///
/// What a tracer writes to x0 to x8, fp, lr and pc reaches the function, and so do x10 to x17 and x19 to x28 if all
/// registers are there. x9 is not restored: it is the trampoline's scratch. x18 is neither saved nor restored: it
/// belongs to the platform [aapcs64 §6.1.1], may be a property of the CPU and not of the task, and is never touched. sp
/// is for reading only. fp, lr and pc are also in the records, and a walk that finds them changed there alone says
/// saved_pc_differs: see redirect(), and the return stack for hooks. Vector registers are not saved: tracers, like the
/// runtime, are compiled with -mgeneral-regs-only.
struct FtraceFrame {
  std::uint64_t x[29];
  std::uint64_t fp;  ///< the caller's x29, which is the key of a return-stack entry
  std::uint64_t lr;  ///< where the function will return to: its caller, or return_to_handler
  std::uint64_t sp;
  std::uint64_t pc;              ///< where the function will resume; change it by redirect()
  std::uint64_t site_and_flags;  ///< the address after the patch site; instructions are words, so two bits are free
  FrameRecord function_record;   ///< x29 points here: the traced function as the caller of the trampoline
  FrameRecord caller_record;     ///< and its caller

  [[nodiscard]] constexpr bool has_all_registers() const noexcept {
    return (site_and_flags & SUREFOOT_FTRACE_FRAME_HAS_ALL_REGISTERS) != 0;
  }

  /// The entry point of the traced function, the same after a redirection. Reads the word before the patch site to
  /// see if the function begins with a landing pad.
  [[nodiscard]] std::uint64_t function() const noexcept {
    const std::uint64_t nops_at = (site_and_flags & ~std::uint64_t{3}) - 2 * sizeof(std::uint32_t);
    const std::uint64_t before = nops_at - sizeof(std::uint32_t);
    // SAFETY: the runtime patches only sites whose preceding word is readable (initialize() in runtime.hpp).
    return *reinterpret_cast<const std::uint32_t*>(before) == instruction_bti_c ? before : nops_at;
  }

  /// The return address that the function was called with. It is return_to_handler if the caller was itself hooked and
  /// made a tail call.
  [[nodiscard]] constexpr std::uint64_t caller() const noexcept { return caller_record.lr; }
};
static_assert(offsetof(FtraceFrame, x) == SUREFOOT_FTRACE_FRAME_OFFSET_X0);
static_assert(offsetof(FtraceFrame, fp) == SUREFOOT_FTRACE_FRAME_OFFSET_FP);
static_assert(offsetof(FtraceFrame, lr) == SUREFOOT_FTRACE_FRAME_OFFSET_LR);
static_assert(offsetof(FtraceFrame, sp) == SUREFOOT_FTRACE_FRAME_OFFSET_SP);
static_assert(offsetof(FtraceFrame, pc) == SUREFOOT_FTRACE_FRAME_OFFSET_PC);
static_assert(offsetof(FtraceFrame, site_and_flags) == SUREFOOT_FTRACE_FRAME_OFFSET_FLAGS);
static_assert(offsetof(FtraceFrame, function_record) == SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD);
static_assert(offsetof(FtraceFrame, caller_record) == SUREFOOT_FTRACE_FRAME_OFFSET_CALLER_RECORD);
static_assert(sizeof(FtraceFrame) == SUREFOOT_FTRACE_FRAME_SIZE && sizeof(FtraceFrame) % 16 == 0);

/// Lets `target`, the entry point of a function of the same type, run in place of the traced one. Keeps the frame
/// record in step, so that a walk shows the target; writing frame.pc alone leaves the two apart, and a walk that
/// notices it says so (EvidenceBit::saved_pc_differs).
constexpr void redirect(FtraceFrame& frame, std::uint64_t target) noexcept {
  frame.pc = target;
  // A record holds a return address, and what is looked up is the instruction before it.
  frame.function_record.lr = target + sizeof(std::uint32_t);
}

/// Dictated by entry-ftrace.S: the registers in which a hooked function may return something. A tracer may change them.
struct ReturnFrame {
  std::uint64_t x[9];
  std::uint64_t padding;
  FrameRecord record;  ///< x29 points here: {the caller's x29, return_to_handler}
};
static_assert(offsetof(ReturnFrame, x) == SUREFOOT_RETURN_FRAME_OFFSET_X0);
static_assert(offsetof(ReturnFrame, record) == SUREFOOT_RETURN_FRAME_OFFSET_RECORD);
static_assert(sizeof(ReturnFrame) == SUREFOOT_RETURN_FRAME_SIZE && sizeof(ReturnFrame) % 16 == 0);

}  // namespace surefoot::ftrace
