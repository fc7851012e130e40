// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf first
  leaf second
.Lend:
  .special_range first, .Lend, other
  .special_range second, .Lend, other
