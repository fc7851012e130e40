// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work
  .pushsection .surefoot.ranges, "ao", %progbits, work
  .word work - ., work + 4 - .
  .byte SUREFOOT_SPECIAL_OTHER, 0
  .hword 0
  .hword 0, 2
  .popsection
