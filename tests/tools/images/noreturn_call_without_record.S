// SPDX-License-Identifier: MIT
//
// Leaves that give up in the end, as those with a stack protector do: before they have a record, and with another one.
#include "parts.inc"

  .text
  leaf work

.function never_returns
  b never_returns
.end_function never_returns

.function gives_up
  cbz x0, .Lgives_up
  ret
.Lgives_up:
.fault
  bl never_returns
  brk #1
.end_function gives_up

// What returns does so with a record.
.function gives_up_before_its_record
  cbz x0, .Lgives_up_early
  enter
  bl work
  leave
.Lgives_up_early:
  bl never_returns
  brk #1
.end_function gives_up_before_its_record

.function gives_up_with_a_swapped_record
  stp x30, x29, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 30, -16
  .cfi_offset 29, -8
  mov x29, sp
  cbnz x0, .Lreturns
  bl never_returns
  brk #1
.Lreturns:
  ldp x30, x29, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 30
  .cfi_restore 29
  ret
.end_function gives_up_with_a_swapped_record
