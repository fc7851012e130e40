// SPDX-License-Identifier: MIT
//
// Data and nothing else.
  .section .rodata.table, "a", %progbits
  .global table
table:
  .xword 1
