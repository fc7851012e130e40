// SPDX-License-Identifier: MIT
//
// What nothing runs, and CFI that says of it, or of a prologue, what the instructions do not.
#include "parts.inc"

  .text
  leaf work

// CFI goes on behind the return; the NOP is in front of code with a frame. What follows the end is described as well.
.macro give_back
  ldr x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 30
  ret
.endm
.macro take
  .cfi_def_cfa_offset 16
  .cfi_offset 30, -16
.endm
.function filled
  str x30, [sp, #-16]!
  take
  cbz x0, 1f
  give_back
  nop
  take
1:
  give_back
  nop
  nop
.end_function filled

// OCaml: x30 is said to be saved as soon as there is room for it.
.function early
  sub sp, sp, #16
  .cfi_def_cfa_offset 16
  .cfi_offset 30, -8
  str x30, [sp, #8]
  bl work
  ldr x30, [sp, #8]
  .cfi_restore 30
  add sp, sp, #16
  .cfi_def_cfa_offset 0
  ret
.end_function early

// Without CFI, which would say of the zeros that they are as the code before them.
  .type zeros, %function
zeros:
  ret
  udf #0
  udf #0
  .size zeros, . - zeros
