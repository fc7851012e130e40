// SPDX-License-Identifier: MIT
//
// More faults of a kind than a listing shows.
#include "parts.inc"

  .text
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
  .global sizeless_\n
  .type sizeless_\n, %function
sizeless_\n:
  mov x0, #\n
  ret
  .endr
