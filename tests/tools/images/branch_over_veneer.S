// SPDX-License-Identifier: MIT
//
// GNU ld's stubs have symbols. The branch in front of them has none.
#include "parts.inc"

  .text
  leaf work
.fault
  b .Lbehind
  nop
  .global work_veneer
  .type work_veneer, %function
work_veneer:
  adrp x16, work
  add x16, x16, :lo12:work
  br x16
  .size work_veneer, . - work_veneer
.Lbehind:
  leaf more_work
