// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work

.function early
  mov x19, x30
.fault
  bl work
  mov x30, x19
  enter
  bl work
  leave
.end_function early
