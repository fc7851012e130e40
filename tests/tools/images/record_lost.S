// SPDX-License-Identifier: MIT
//
// A loop over a small array that, going by its instructions alone, may overwrite the record behind the array. CFI knows
// better.
#include "parts.inc"

  .text
  leaf work

.function fills_an_array
  sub sp, sp, #48
  .cfi_def_cfa_offset 48
  stp x29, x30, [sp, #32]
  add x29, sp, #32
  .cfi_def_cfa x29, 16
  .cfi_offset 30, -8
  .cfi_offset 29, -16
  add x9, sp, #32
  tbz x0, #0, .Lis_short
  stp q0, q1, [x9, #-16]
.Lis_short:
.fault
  bl work
  ldp x29, x30, [sp, #32]
  .cfi_def_cfa sp, 48
  .cfi_restore 29
  .cfi_restore 30
  add sp, sp, #48
  .cfi_def_cfa_offset 0
  ret
.end_function fills_an_array
