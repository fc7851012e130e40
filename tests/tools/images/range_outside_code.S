// SPDX-License-Identifier: MIT
#include "parts.inc"

  .section .rodata.table, "a", %progbits
table:
  .xword 0
.Lend:
  .text
  leaf work
  .special_range table, .Lend, other
