// SPDX-License-Identifier: MIT
//
// Code without a symbol at the end of a section whose size is no multiple of 4.
#include "parts.inc"

  .text
  leaf work
.fault
  mov x0, #0
  ret
  .byte 0, 0
