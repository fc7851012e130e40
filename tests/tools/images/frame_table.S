// SPDX-License-Identifier: MIT
//
// Room for a frame table, which the test fills.
#include "parts.inc"

  .text
  leaf work
  calling call_work, work

  .section .surefoot.frames, "a", %progbits
  .balign 8
  .space 1024
