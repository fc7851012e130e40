// SPDX-License-Identifier: MIT
//
// Something that is no entry got into the table.
#include "parts.inc"

  .text
  leaf work
.Lend:
  .special_range work, .Lend, other
  leaf last
  .pushsection .surefoot.ranges, "ao", %progbits, last
  .word 0
  .popsection
