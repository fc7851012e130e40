// SPDX-License-Identifier: MIT
//
// From EL2 to EL1. EL2 is left in a state in which it takes part in nothing: no second translation stage, no traps, no
// virtual interrupts. There is no way back, and none is needed.
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

  .set .Lhcr_rw, 1 << 31           // EL1 is AArch64 [arm-arm, HCR_EL2]
  .set .Lhcr_api, 1 << 41          // pointer authentication instructions are not trapped
  .set .Lhcr_apk, 1 << 40          // nor are accesses to its keys
  .set .Lsctlr_el1_off, 0x30d00800 // the bits that Armv8.0 holds at 1; MMU and caches off [arm-arm, SCTLR_EL1]
  .set .Lspsr_el1h, 0x3c5          // D, A, I, F masked; EL1 with its own sp [arm-arm, SPSR_EL2]

// void drop_to_el1()
//   in: EL2, lr = where to go on   out: at lr, at EL1, MMU off   clobbers: x9   stack: none, sp is undefined after it
//   unwindable: no
  .section .text.boot, "ax", %progbits
.function drop_to_el1
  ldr x9, =(.Lhcr_rw | .Lhcr_api | .Lhcr_apk)
  msr hcr_el2, x9
  isb                              // E2H is 0 from here: the registers below have their plain layout

  mov x9, #3                       // EL1PCEN, EL1PCTEN: EL1 may use timer and counter [arm-arm, CNTHCTL_EL2]
  msr cnthctl_el2, x9
  msr cntvoff_el2, xzr             // the virtual counter shows what the physical one does
  mov x9, #0x33ff                  // bits that are 1 by definition; no trap of FP or SVE [arm-arm, CPTR_EL2]
  msr cptr_el2, x9
  msr hstr_el2, xzr
  msr vttbr_el2, xzr

  // EL1 reads its identity from here, and reset leaves it undefined [arm-arm, VPIDR_EL2, VMPIDR_EL2].
  mrs x9, midr_el1
  msr vpidr_el2, x9
  mrs x9, mpidr_el1
  msr vmpidr_el2, x9

  // Keep only the number of counters that EL1 may use, and with it no trap [arm-arm, MDCR_EL2.HPMN].
  mrs x9, mdcr_el2
  and x9, x9, #0x1f
  msr mdcr_el2, x9

  ldr x9, =.Lsctlr_el1_off
  msr sctlr_el1, x9
  mov x9, #.Lspsr_el1h
  msr spsr_el2, x9
  msr elr_el2, x30
  eret
.Lreturn_done:
  .ltorg
.end_function drop_to_el1
  .special_range start=drop_to_el1, end=.Lreturn_done, kind=exception_entry
