// SPDX-License-Identifier: MIT
//
// Switches pointer authentication on. In assembly, because a function that signs its return address while the feature
// is off, and authenticates it after switching it on, does not survive its own return.
#include "arch/level.h"
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// void enable_pointer_authentication()
//   in: MMU on or off, interrupts masked   out: nothing   clobbers: x9-x12   stack: none   unwindable: always, lr is
//   live
// A CPU without the feature is left as it is: the instructions are hints there, and do nothing.
  .text
.function enable_pointer_authentication
  bti_call
  mrs x9, id_aa64isar1_el1
  and x9, x9, #0xff0        // APA and API, the address authentication algorithms [arm-arm, ID_AA64ISAR1_EL1]
  mrs x10, S3_0_C0_C6_2     // ID_AA64ISAR2_EL1, a name that older assemblers do not know
  and x10, x10, #0xf000     // APA3 [arm-arm, ID_AA64ISAR2_EL1]
  orr x9, x9, x10
  cbz x9, .Lnot_implemented

  // The keys of a product come from a random number generator. A demonstration needs keys that differ from zero and
  // from each other, and that change from boot to boot: the counter, spread out by two odd multipliers. They are the
  // same on all CPUs, since a task may sign on one and authenticate on another: the first CPU reads the counter.
  adrp x10, .Lseed
  ldr x9, [x10, :lo12:.Lseed]
  cbnz x9, .Lhas_seed
  mrs x9, cntvct_el0
  orr x9, x9, #1
  str x9, [x10, :lo12:.Lseed]
.Lhas_seed:
  ldr x11, =0x9e3779b97f4a7c15
  ldr x12, =0xbf58476d1ce4e5b9
  mul x9, x9, x11
  eor x9, x9, x9, lsr #29
  mul x10, x9, x12
  eor x10, x10, x10, lsr #32
  msr S3_0_C2_C1_0, x9      // APIAKeyLo_EL1
  msr S3_0_C2_C1_1, x10     // APIAKeyHi_EL1
  mvn x9, x9
  eor x10, x10, x11
  msr S3_0_C2_C1_2, x10     // APIBKeyLo_EL1
  msr S3_0_C2_C1_3, x9      // APIBKeyHi_EL1

  mrs x9, sctlr_el1
  orr x9, x9, #(1 << 31)    // EnIA [arm-arm, SCTLR_EL1]
  orr x9, x9, #(1 << 30)    // EnIB
  msr sctlr_el1, x9
  isb
.Lnot_implemented:
  ret
  .ltorg
.end_function enable_pointer_authentication

  .section .bss.pointer_authentication_seed, "aw", %nobits
  .balign 8
.Lseed:
  .zero 8
