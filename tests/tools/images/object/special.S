// SPDX-License-Identifier: MIT
//
// Special code of a module, and a call that is made before a record exists.
#include "../parts.inc"

  .text
.function special
  enter
.Lspecial_start:
  bl helper
.Lspecial_end:
  leave
.end_function special
  .special_range .Lspecial_start, .Lspecial_end, other

.function calls_early
  str x30, [sp, #-16]!
  .cfi_def_cfa_offset 16
  .cfi_offset 30, -16
  bl helper
  ldr x30, [sp], #16
  .cfi_def_cfa_offset 0
  .cfi_restore 30
  ret
.end_function calls_early
