// SPDX-License-Identifier: MIT
//
// PSTATE's mask bits D, A, I, F: as immediates of DAIFSet and DAIFClr they are 8, 4, 2, 1 [arm-arm, DAIF].
#pragma once

#include <cstdint>

#include "arch/system_registers.hpp"

namespace kernel {

/// A pending interrupt is taken at the next instruction: of the function that this is expanded in, however it is
/// compiled.
[[gnu::always_inline]] inline void unmask_interrupts() noexcept { asm volatile("msr daifclr, #2" ::: "memory"); }
[[gnu::always_inline]] inline void mask_interrupts() noexcept { asm volatile("msr daifset, #2" ::: "memory"); }
[[gnu::always_inline]] inline void unmask_system_errors() noexcept { asm volatile("msr daifclr, #4" ::: "memory"); }

/// PSTATE.I as it stands in DAIF and in a saved pstate.
inline constexpr std::uint64_t pstate_interrupts_masked = std::uint64_t{1} << 7;

[[nodiscard]] inline bool are_interrupts_masked() noexcept {
  return (KERNEL_READ_REGISTER("daif") & pstate_interrupts_masked) != 0;
}

/// Keeps interrupts masked for the length of a scope, and leaves them as they were. Nests.
class InterruptsMasked {
 public:
  InterruptsMasked() noexcept : daif_(KERNEL_READ_REGISTER("daif")) { mask_interrupts(); }
  ~InterruptsMasked() { KERNEL_WRITE_REGISTER("daif", daif_); }
  InterruptsMasked(const InterruptsMasked&) = delete;
  InterruptsMasked& operator=(const InterruptsMasked&) = delete;

 private:
  std::uint64_t daif_;
};

}  // namespace kernel
