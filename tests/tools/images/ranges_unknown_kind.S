// SPDX-License-Identifier: MIT
//
// An entry of a kind that is none: what padding between entries looks like.
#include "parts.inc"

  .text
  leaf work
  .pushsection .surefoot.ranges, "ao", %progbits, work
  .word work - ., work + 4 - .
  .byte 0, 0
  .hword 0
  .word 0
  .popsection
