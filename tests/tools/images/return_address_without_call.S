// SPDX-License-Identifier: MIT
//
// A call that is none: the return address is made by hand. Below it, x30 as a scratch register, which is no fault.
#include "parts.inc"

  .text
  leaf work

.function by_hand
  enter
.fault
  adr x30, .Lbehind
  b work
.Lbehind:
  leave
.end_function by_hand

.function scratch
  enter
  adr x30, .Lnowhere
  str x30, [x0]
  mov x30, x1
  leave
.Lnowhere:
  brk #0
.end_function scratch
