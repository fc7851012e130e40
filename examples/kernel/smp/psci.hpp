// SPDX-License-Identifier: MIT
//
// The calls to the firmware by which a CPU is found and started [psci §5]. QEMU's `virt` machine takes them by HVC, or
// by SMC where the kernel has EL2 [qemu-virt].
#pragma once

#include <cstdint>

#include "arch/cpu_features.hpp"

namespace kernel::psci {

/// Below 0 is an error.
[[nodiscard]] inline std::int64_t call(std::uint64_t function, std::uint64_t a, std::uint64_t b,
                                       std::uint64_t c) noexcept {
  const bool is_smc = cpu::was_entered_at_el2();  // no call may come between the registers and their use
  register std::uint64_t x0 asm("x0") = function;
  register std::uint64_t x1 asm("x1") = a;
  register std::uint64_t x2 asm("x2") = b;
  register std::uint64_t x3 asm("x3") = c;
  // What the convention does not preserve [smccc §2.6].
#define KERNEL_SMCCC_CLOBBERS \
  "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory"
  if (is_smc) {
    asm volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::KERNEL_SMCCC_CLOBBERS);
  } else {
    asm volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::KERNEL_SMCCC_CLOBBERS);
  }
#undef KERNEL_SMCCC_CLOBBERS
  return static_cast<std::int64_t>(x0);
}

/// True if the machine has a CPU with this number, on or off (AFFINITY_INFO).
[[nodiscard]] inline bool has_cpu(unsigned cpu) noexcept { return call(0xc400'0004, cpu, 0, 0) >= 0; }

/// Lets a CPU begin at a physical address, with MMU and caches off and `context` in x0 (CPU_ON). False if it cannot.
[[nodiscard]] inline bool start_cpu(unsigned cpu, std::uint64_t start, std::uint64_t context) noexcept {
  return call(0xc400'0003, cpu, start, context) == 0;
}

}  // namespace kernel::psci
