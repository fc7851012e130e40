// SPDX-License-Identifier: MIT
//
// Which CPU this is. QEMU's `virt` machine numbers the CPUs of a GICv2, at most eight, in the lowest affinity field, as
// the interrupt controller does [qemu-virt]. No memory is needed to tell, which suits exception entry.
#pragma once

#include <cstdint>

#include "arch/system_registers.hpp"
#include "memory/stack_layout.h"

namespace kernel::cpu {

/// The most CPUs that the kernel has stacks for.
inline constexpr unsigned most = KERNEL_CPU_COUNT;

/// The number of this CPU [arm-arm, MPIDR_EL1]. A task that may be preempted may be on another one by now.
[[nodiscard]] inline unsigned index() noexcept {
  return static_cast<unsigned>(KERNEL_READ_REGISTER("mpidr_el1")) & (most - 1);
}

}  // namespace kernel::cpu
