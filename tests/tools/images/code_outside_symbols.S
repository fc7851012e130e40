// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work
.fault
  mov x0, #0
  ret
  nop
  .word 0
  leaf more_work
