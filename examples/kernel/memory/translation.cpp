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

#ifdef KERNEL_AT_EL2

// There is one half of the address space, whose tables are described as those of the lower half are.
constexpr std::uint64_t other_half = bit(23) | bit(31);  // 1 by definition [arm-arm, TCR_EL2]
constexpr std::uint64_t set_by_definition = 0x30c5'0830;
#define KERNEL_FORGET_TRANSLATIONS "tlbi alle2"

#else

// T1SZ, IRGN1, ORGN1, SH1, TG1; or EPD1: no walks of the upper half.
constexpr std::uint64_t other_half =
    virtual_offset == 0 ? bit(23) : (64 - virtual_address_bits) << 16 | 1 << 24 | 1 << 26 | 3 << 28 | bit(31);
constexpr std::uint64_t set_by_definition = 0x30d0'0800;  // what Armv8.0 holds at 1
#define KERNEL_FORGET_TRANSLATIONS "tlbi vmalle1"

#endif

// The half of the address space that the kernel is in, and the lower one; table walks cacheable and inner shareable; 4
// KiB granule; 32-bit physical addresses; no tags, so that pointer authentication has all bits above the address
// [arm-arm, TCR_EL1].
constexpr std::uint64_t translation_control = (64 - virtual_address_bits)  // T0SZ
                                              | 1 << 8                     // IRGN0: write-back
                                              | 1 << 10                    // ORGN0: write-back
                                              | 3 << 12                    // SH0: inner shareable
                                              | other_half;

// [arm-arm, SCTLR_EL1, SCTLR_EL2].
constexpr std::uint64_t system_control = set_by_definition | bit(0)  // M: MMU
                                         | bit(2)                    // C: data cache
                                         | bit(3)                    // SA: an access by a misaligned sp faults
                                         | bit(4)                    // SA0: at EL0 too
                                         | bit(12)                   // I: instruction cache
                                         | bit(19);                  // WXN: what is writable is never executed

// BT0 and BT1, at EL2 BT: PACIASP is a landing pad for calls only, not for every indirect branch.
constexpr std::uint64_t strict_landing_pads = bit(35) | bit(36);

}  // namespace

void enable_translation(std::uint64_t top_table) noexcept {
  KERNEL_WRITE_REGISTER("mair" KERNEL_LEVEL, memory_attributes);
  KERNEL_WRITE_REGISTER("tcr" KERNEL_LEVEL, translation_control);
  KERNEL_WRITE_REGISTER("ttbr0" KERNEL_LEVEL, top_table);
#ifndef KERNEL_AT_EL2
  if (virtual_offset != 0) KERNEL_WRITE_REGISTER("ttbr1_el1", top_table);
#endif
  completion_barrier();  // the tables are in memory before a walk can read them
  instruction_barrier();

  asm volatile(KERNEL_FORGET_TRANSLATIONS "\n\tic iallu" ::: "memory");  // what earlier software may have left
  completion_barrier();
  instruction_barrier();

  const std::uint64_t landing_pads = cpu::has_branch_target_identification() ? strict_landing_pads : 0;
  KERNEL_WRITE_REGISTER("sctlr" KERNEL_LEVEL, system_control | landing_pads);
  instruction_barrier();  // from the next instruction on, everything is translated
}

void leave_lower_half(std::uint64_t top_table) noexcept {
  KERNEL_WRITE_REGISTER("ttbr0_el1", top_table);
  instruction_barrier();
  asm volatile("tlbi vmalle1" ::: "memory");
  completion_barrier();
  instruction_barrier();
}

}  // namespace kernel::memory
