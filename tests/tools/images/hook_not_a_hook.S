// SPDX-License-Identifier: MIT
//
// A return trampoline that the table does not tell from other special code.
#include "parts.inc"

  .text
.function return_to_handler
.fault
  nop
  br x0
.Lend:
.end_function return_to_handler
  .special_range return_to_handler, .Lend, other
