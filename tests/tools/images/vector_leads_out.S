// SPDX-License-Identifier: MIT
//
// The vectors are special, and what they lead to is not.
#include "parts.inc"

  .text
.function entry_path
.fault
  nop
  brk #0
.end_function entry_path

  .section .text.vectors, "ax", %progbits
  .balign 2048
  .type vectors, %function
vectors:
  b entry_path
  .balign 2048
.Lvectors_end:
  .size vectors, . - vectors
  .special_range vectors, .Lvectors_end, exception_entry
