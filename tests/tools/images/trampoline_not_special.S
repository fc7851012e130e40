// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work
.Lend:
  .special_range work, .Lend, other

.function ftrace_caller
.fault
  nop
  ret x9
.end_function ftrace_caller
