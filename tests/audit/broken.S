// SPDX-License-Identifier: MIT
//
// One function as it must not be: it calls others, and makes no frame record.
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .text

// void broken_call(void (*callee)())
//   in: x0   out: nothing   clobbers: what the callee does   stack: one word, and no record in it
.function broken_call
  bti_call
  str x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 30, -16
  blr x0
  ldr x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 30
  ret
.end_function broken_call
