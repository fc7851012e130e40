// SPDX-License-Identifier: MIT
//
// The CFI tells of a record as it should be, the instructions make another one.
#include "parts.inc"

  .text
  leaf work

.function says_otherwise
  stp x30, x29, [sp, #-16]!
  .cfi_def_cfa_offset 16
  mov x29, sp
  .cfi_def_cfa x29, 16
  .cfi_offset 30, -8
  .cfi_offset 29, -16
.fault
  bl work
  ldp x30, x29, [sp], #16
  .cfi_def_cfa sp, 0
  .cfi_restore 29
  .cfi_restore 30
  ret
.end_function says_otherwise
