// SPDX-License-Identifier: MIT
//
// For a kernel that runs at EL2: what of that level decides where exceptions go and what traps.
#include "arch/level.h"
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

  // [arm-arm, HCR_EL2]
  .set .Lhcr_interrupts, 1 << 5 | 1 << 4 | 1 << 3 // AMO, IMO, FMO: they are taken to EL2
  .set .Lhcr_tge, 1 << 27                         // what is below is a task at EL0, without an EL1
  .set .Lhcr_rw, 1 << 31                          // EL1 is AArch64
  .set .Lhcr_e2h, 1 << 34                         // VHE
  .set .Lhcr_api, 1 << 41                         // pointer authentication instructions are not trapped
  .set .Lhcr_apk, 1 << 40                         // nor are accesses to its keys
  .set .Lmdcr_tde, 1 << 8                         // debug exceptions are taken to EL2 [arm-arm, MDCR_EL2]
  .set .Lsctlr_el1_off, 0x30d00800                // a guest's MMU and caches off [arm-arm, SCTLR_EL1]

#ifdef KERNEL_AT_EL2_VHE
  .set .Lhcr, .Lhcr_interrupts | .Lhcr_rw | .Lhcr_api | .Lhcr_apk | .Lhcr_tge | .Lhcr_e2h
  .set .Lcptr, 3 << 20 | 3 << 16                  // no trap of FP or SVE, in the layout of CPACR_EL1
  .set .Lcnthctl, 0                               // EL0 has no timer of its own
#else
  .set .Lhcr, .Lhcr_interrupts | .Lhcr_rw | .Lhcr_api | .Lhcr_apk
  .set .Lcptr, 0x33ff                             // the same [arm-arm, CPTR_EL2]
  .set .Lcnthctl, 3                               // EL1PCEN, EL1PCTEN: the guest may use timer and counter
#endif

// void stay_at_el2()
//   in: EL2, MMU off   out: EL2, MMU off   clobbers: x9   stack: none   unwindable: always, lr is live
  .section .text.boot, "ax", %progbits
.function stay_at_el2
  ldr x9, =.Lhcr
  msr hcr_el2, x9
  isb                              // whether there is VHE decides what the names below mean
  ldr x9, =.Lcptr
  msr cptr_el2, x9
  mov x9, #.Lcnthctl
  msr cnthctl_el2, x9
  msr cntvoff_el2, xzr
  msr hstr_el2, xzr
  msr vttbr_el2, xzr

  // Keep only the number of counters that EL1 may use.
  mrs x9, mdcr_el2
  and x9, x9, #0x1f
  orr x9, x9, #.Lmdcr_tde
  msr mdcr_el2, x9

#ifndef KERNEL_AT_EL2_VHE
  mrs x9, midr_el1
  msr vpidr_el2, x9
  mrs x9, mpidr_el1
  msr vmpidr_el2, x9
  ldr x9, =.Lsctlr_el1_off
  msr S3_0_C1_C0_0, x9             // SCTLR_EL1, which level.h gives another name
#endif
  isb
  ret
  .ltorg
.end_function stay_at_el2
