// SPDX-License-Identifier: MIT
//
// Instructions that nobody has given a meaning to, of two groups.
#include "parts.inc"

  .text
  leaf work

.function does_nobody_knows_what
  enter
  bl work
.fault
  .inst 0x02000000
  .inst 0x02ffffff
  .inst 0x56000000
  leave
.end_function does_nobody_knows_what
