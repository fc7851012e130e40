// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf work
.Lend:
  .special_range work, .Lend - 2, other
