// SPDX-License-Identifier: MIT
//
// What C++ does with an exception. Every kind of synchronous exception can have a hook; without one, it is a panic.
#pragma once

#include <cstdint>

#include "arch/exception_frame.hpp"
#include "arch/system_registers.hpp"

namespace kernel {

/// ESR_EL1.EC [arm-arm, ESR_EL1]. Those that have a name here; hooks can be set for any of the 64.
enum class ExceptionClass : std::uint8_t {
  unknown = 0x00,
  branch_target = 0x0d,
  illegal_state = 0x0e,
  svc = 0x15,
  hvc = 0x16,
  pointer_authentication = 0x1c,
  instruction_abort_from_el0 = 0x20,
  instruction_abort = 0x21,
  pc_alignment = 0x22,
  data_abort_from_el0 = 0x24,
  data_abort = 0x25,
  sp_alignment = 0x26,
  breakpoint = 0x31,
  software_step = 0x33,
  watchpoint = 0x35,
  brk = 0x3c,
};

[[nodiscard]] constexpr ExceptionClass exception_class(std::uint64_t esr) noexcept {
  return static_cast<ExceptionClass>(esr >> 26 & 0x3f);
}

/// The 16-bit number in a BRK or SVC instruction, from the syndrome it caused.
[[nodiscard]] constexpr std::uint16_t exception_comment(std::uint64_t esr) noexcept {
  return static_cast<std::uint16_t>(esr);
}

/// Called with interrupts masked, on the stack that was interrupted. May change the frame, which is what is resumed
/// when it returns, and may unmask interrupts.
using ExceptionHook = void (*)(ExceptionFrame& frame);

/// Sets the hook of a class, null for none, and returns the one before.
ExceptionHook set_exception_hook(ExceptionClass kind, ExceptionHook hook) noexcept;

/// The cause of the exception that is handled. For a hook, before it unmasks interrupts or causes an exception itself:
/// not every frame has room for it.
[[nodiscard]] inline Syndrome read_syndrome() noexcept {
  return {.esr = KERNEL_READ_REGISTER("esr" KERNEL_LEVEL), .far = KERNEL_READ_REGISTER("far" KERNEL_LEVEL)};
}

/// Sets what is called, on the overflow stack, for an exception whose frame found no room on the stack in use. If that
/// was an interrupt, the syndrome is that of an earlier exception. A frame without sp cannot be resumed from there.
ExceptionHook set_stack_overflow_hook(ExceptionHook hook) noexcept;

/// Makes the frame resume at `pc`. Not as if by an indirect branch: PSTATE.BTYPE, which says that one was in flight, is
/// cleared with it [arm-arm, SPSR_EL1.BTYPE].
void resume_at(ExceptionFrame& frame, std::uint64_t pc) noexcept;

/// Makes the frame resume after the interrupted instruction.
void step_over(ExceptionFrame& frame) noexcept;

}  // namespace kernel
