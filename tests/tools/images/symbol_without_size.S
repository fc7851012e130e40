// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work
  .global sizeless
  .type sizeless, %function
.fault
sizeless:
  mov x0, #0
  ret
