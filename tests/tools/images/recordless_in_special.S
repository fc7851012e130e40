// SPDX-License-Identifier: MIT
//
// A call without a record, in code that is declared special.
#include "parts.inc"

  .text
  leaf work

.function trampoline
  bl work
  br x0
.Lend:
.end_function trampoline
  .special_range trampoline, .Lend, other
