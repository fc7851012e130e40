// SPDX-License-Identifier: MIT
//
// The same with the address in two steps, by way of another register, and an indirect jump.
#include "parts.inc"

  .text
.function by_hand
  enter
  adrp x9, .Lbehind
  add x9, x9, :lo12:.Lbehind
.fault
  mov x30, x9
  br x1
.Lbehind:
  leave
.end_function by_hand
