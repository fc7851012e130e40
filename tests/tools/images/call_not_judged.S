// SPDX-License-Identifier: MIT
//
// A call to which nothing leads.
#include "parts.inc"

  .text
  leaf work

.function holds_dead_code
  enter
  bl work
  leave
.fault
  bl work
  b holds_dead_code
.end_function holds_dead_code
