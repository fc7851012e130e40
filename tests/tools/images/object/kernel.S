// SPDX-License-Identifier: MIT
//
// What a module does not define.
#include "../parts.inc"

  .text
.function panic
  b panic
.end_function panic
.function __stack_chk_fail
  b __stack_chk_fail
.end_function __stack_chk_fail
leaf defined_elsewhere
leaf maybe

  .data
  .global __stack_chk_guard
__stack_chk_guard:
  .quad 0
