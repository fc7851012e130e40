// SPDX-License-Identifier: MIT
//
// A function that damages what a compiler protects: the record of its caller.
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// panics::overwrite_callers_record(): stores letters over the caller's frame record, as strcpy into a short buffer
// would, and then through a pointer that was overwritten with them.
//   does not return   stack: a record of its own
  .section .text.overwrite_callers_record, "ax", %progbits
.function _ZN6panics24overwrite_callers_recordEv
  bti_call
  stp x29, x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 29, -16
  .cfi_offset 30, -8
  mov x29, sp
  ldr x9, [x29]                    // the caller's record
  mov x10, #0x4141
  movk x10, #0x4141, lsl #16
  movk x10, #0x4141, lsl #32
  movk x10, #0x0041, lsl #48
  stp x10, x10, [x9]
  str xzr, [x10]
  brk #0
.end_function _ZN6panics24overwrite_callers_recordEv
