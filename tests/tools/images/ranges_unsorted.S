// SPDX-License-Identifier: MIT
#include "parts.inc"

  .text
  leaf first
.Lend_of_first:
  leaf second
.Lend_of_second:
  .special_range second, .Lend_of_second, other
  .special_range first, .Lend_of_first, other
