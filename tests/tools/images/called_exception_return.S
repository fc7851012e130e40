// SPDX-License-Identifier: MIT
//
// The same in a function that is called: where it begins, x30 is a return address.
#include "parts.inc"

  .text
  leaf work
.Lend:
  .special_range work, .Lend, other
  calling boot, drop

.function drop
  msr elr_el2, x30
.fault
  eret
.end_function drop
