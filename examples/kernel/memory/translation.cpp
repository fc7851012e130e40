// SPDX-License-Identifier: MIT
#include "memory/translation.hpp"

#include <cstdint>

#include "arch/cpu_features.hpp"
#include "arch/system_registers.hpp"
#include "memory/memory_types.hpp"
#include "memory/page_tables.hpp"

namespace kernel::memory {
namespace {

constexpr std::uint64_t bit(unsigned number) noexcept { return std::uint64_t{1} << number; }

// Lower half of the address space only; table walks cacheable and inner shareable; 4 KiB granule; 32-bit physical
// addresses; no tags, so that pointer authentication has all bits above the address [arm-arm, TCR_EL1].
constexpr std::uint64_t translation_control = (64 - virtual_address_bits)  // T0SZ
                                              | 1 << 8                     // IRGN0: write-back
                                              | 1 << 10                    // ORGN0: write-back
                                              | 3 << 12                    // SH0: inner shareable
                                              | bit(23);                   // EPD1: no walks of the upper half

// [arm-arm, SCTLR_EL1]. The number is what Armv8.0 holds at 1.
constexpr std::uint64_t system_control = 0x30d0'0800 | bit(0)  // M: MMU
                                         | bit(2)              // C: data cache
                                         | bit(3)              // SA: an access by a misaligned sp faults
                                         | bit(4)              // SA0: at EL0 too
                                         | bit(12)             // I: instruction cache
                                         | bit(19);            // WXN: what is writable is never executed

// BT0 and BT1: PACIASP is a landing pad for calls only, not for every indirect branch.
constexpr std::uint64_t strict_landing_pads = bit(35) | bit(36);

}  // namespace

void enable_translation(std::uint64_t top_table) noexcept {
  KERNEL_WRITE_REGISTER("mair_el1", memory_attributes);
  KERNEL_WRITE_REGISTER("tcr_el1", translation_control);
  KERNEL_WRITE_REGISTER("ttbr0_el1", top_table);
  completion_barrier();  // the tables are in memory before a walk can read them
  instruction_barrier();

  asm volatile("tlbi vmalle1\n\tic iallu" ::: "memory");  // what earlier software may have left
  completion_barrier();
  instruction_barrier();

  const std::uint64_t landing_pads = cpu::has_branch_target_identification() ? strict_landing_pads : 0;
  KERNEL_WRITE_REGISTER("sctlr_el1", system_control | landing_pads);
  instruction_barrier();  // from the next instruction on, everything is translated
}

}  // namespace kernel::memory
