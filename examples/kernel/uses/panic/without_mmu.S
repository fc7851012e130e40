// SPDX-License-Identifier: MIT
//
// A kernel whose MMU and caches are off, as before they were turned on. Its own memory is mapped one to one.
#include "arch/exception_macros.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// void panic_with_translation_off(): turns translation off and stores where nothing is.
//   does not return   stack: none   clobbers: x9, x10
  .section .text.panic_with_translation_off, "ax", %progbits
.function panic_with_translation_off
  bti_call
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
  msr daifset, #0xf
  mrs x9, sctlr_el1
  mov x10, #(1 << 0 | 1 << 2 | 1 << 12)  // M, C, I [arm-arm, SCTLR_EL1]
  bic x9, x9, x10
  dsb sy
  msr sctlr_el1, x9
  isb
  brk #0xdead
.end_function panic_with_translation_off
