// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work

.function swapped
  stp x30, x29, [sp, #-16]!
  mov x29, sp
.fault
  bl work
  ldp x30, x29, [sp], #16
  ret
.end_function swapped
