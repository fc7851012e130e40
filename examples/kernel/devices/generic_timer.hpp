// SPDX-License-Identifier: MIT
//
// The virtual timer of the CPU: one shot, in ticks of the system counter. The virtual one, because EL1 may always use
// it, whatever EL2 allows [arm-arm, CNTV_CTL_EL0, CNTV_TVAL_EL0].
#pragma once

#include <cstdint>

#include "arch/system_registers.hpp"

namespace kernel::generic_timer {

// The numbers at the interrupt controller [qemu-virt]. With VHE the name of the virtual timer leads to the virtual one
// of EL2, which this machine does not connect; that of the physical one leads to the physical one of EL2.
#ifdef KERNEL_AT_EL2_VHE
#define KERNEL_TIMER "cntp"
inline constexpr std::uint32_t interrupt_id = 26;
#else
#define KERNEL_TIMER "cntv"
inline constexpr std::uint32_t interrupt_id = 27;
#endif

[[nodiscard]] inline std::uint64_t frequency() noexcept { return KERNEL_READ_REGISTER("cntfrq_el0"); }

/// The counter now. The barrier keeps it from being read early.
[[nodiscard]] inline std::uint64_t now() noexcept {
  instruction_barrier();
  return KERNEL_READ_REGISTER("cntvct_el0");
}

/// The interrupt becomes pending when `ticks` have passed; 0 means at once.
inline void arm(std::uint32_t ticks) noexcept {
  KERNEL_WRITE_REGISTER(KERNEL_TIMER "_tval_el0", ticks & 0x7fff'ffff);  // a signed 32-bit number
  KERNEL_WRITE_REGISTER(KERNEL_TIMER "_ctl_el0", 1);                     // ENABLE, not masked
  instruction_barrier();
}

/// No interrupt, and one that is pending goes away: the timer's output is a level. Every handler has to call this or
/// arm.
inline void disarm() noexcept {
  KERNEL_WRITE_REGISTER(KERNEL_TIMER "_ctl_el0", 0);
  instruction_barrier();
}

[[nodiscard]] inline bool is_armed() noexcept { return (KERNEL_READ_REGISTER(KERNEL_TIMER "_ctl_el0") & 1) != 0; }

}  // namespace kernel::generic_timer
