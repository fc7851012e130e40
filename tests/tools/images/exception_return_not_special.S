// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work
.Lend:
  .special_range work, .Lend, other

.function exit_from_exception
  msr elr_el1, x0
.fault
  eret
.end_function exit_from_exception
