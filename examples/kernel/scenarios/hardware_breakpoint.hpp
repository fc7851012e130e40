// SPDX-License-Identifier: MIT
//
// Stops the kernel in front of one instruction of its own [arm-arm D2.8, "Breakpoint exceptions"].
#pragma once

#include <cstdint>

#include "arch/system_registers.hpp"

namespace demo {

/// The CPU's first breakpoint, at `pc` in EL1, for the length of a scope: a synchronous exception of the class
/// ExceptionClass::breakpoint before the instruction is executed. disarm() lets it be executed.
class HardwareBreakpoint {
 public:
  explicit HardwareBreakpoint(std::uint64_t pc) noexcept {
    KERNEL_WRITE_REGISTER("oslar_el1", 0);  // debug exceptions are held off while the OS lock is locked
    KERNEL_WRITE_REGISTER("dbgbvr0_el1", pc);
    // E, enabled; PMC, at EL1 only, or HMC and SSC, at EL2 only; BAS, all four bytes of the instruction.
    constexpr unsigned level = KERNEL_STAYS_AT_EL2 ? 1U << 13 | 3U << 14 : 1U << 1;
    KERNEL_WRITE_REGISTER("dbgbcr0_el1", 1U << 0 | level | 0xfU << 5);
    // KDE, debug exceptions from the kernel's own level too; MDE, breakpoints.
    KERNEL_WRITE_REGISTER("mdscr_el1", 1U << 13 | 1U << 15);
    asm volatile("msr daifclr, #8" ::: "memory");
    kernel::instruction_barrier();
  }
  ~HardwareBreakpoint() {
    disarm();
    asm volatile("msr daifset, #8" ::: "memory");
    KERNEL_WRITE_REGISTER("mdscr_el1", 0);
    kernel::instruction_barrier();
  }
  HardwareBreakpoint(const HardwareBreakpoint&) = delete;
  HardwareBreakpoint& operator=(const HardwareBreakpoint&) = delete;

  static void disarm() noexcept {
    KERNEL_WRITE_REGISTER("dbgbcr0_el1", 0);
    kernel::instruction_barrier();
  }
};

}  // namespace demo
