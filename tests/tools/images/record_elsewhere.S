// SPDX-License-Identifier: MIT
//
// A record, and x29 not at it.
#include "parts.inc"

  .text
  leaf work

.function beside
  stp x29, x30, [sp, #-32]!
  add x29, sp, #16
.fault
  bl work
  ldp x29, x30, [sp], #32
  ret
.end_function beside
