// SPDX-License-Identifier: MIT
//
// Special code in another section of a module. Only lld sorts the entries of several sections in an object.
#include "../parts.inc"

  .section .init.text, "ax", %progbits
.function special_at_start
  enter
.Lspecial_at_start:
  bl special
.Lspecial_at_start_end:
  leave
.end_function special_at_start
  .special_range .Lspecial_at_start, .Lspecial_at_start_end, other
