// SPDX-License-Identifier: MIT
//
// Calls without a record, and room for a table of them, which the test fills.
#include "parts.inc"

  .text
  leaf work
  calling call_work, work

.function early
  mov x19, x30
.fault
  bl work
  mov x30, x19
  enter
  bl work
  leave
.end_function early

.function swapped
  stp x30, x29, [sp, #-16]!
  mov x29, sp
  bl work
  ldp x30, x29, [sp], #16
  ret
.end_function swapped

  .section .surefoot.calls, "a", %progbits
  .balign 8
  .space 32
