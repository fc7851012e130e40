// SPDX-License-Identifier: MIT
//
// The module `large`: it is interrupted between the two instructions that make room for a large frame, as far from the
// module's start as the others.
#include "modules/module_file.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// void large_interrupted()
//   in: -   out: -   clobbers: nothing   stack: 4128 bytes   unwindable: by its record, while x29 points at it
module_function large_interrupted
  sub sp, sp, #1, lsl #12
  .cfi_def_cfa_offset 4096
.Lmoment:
  sub sp, sp, #32
  .cfi_def_cfa_offset 4128
  stp x29, x30, [sp, #16]
  .cfi_offset 29, -4112
  .cfi_offset 30, -4104
  add x29, sp, #16
  ldp x29, x30, [sp, #16]
  .cfi_restore 29
  .cfi_restore 30
  add sp, sp, #32
  .cfi_def_cfa_offset 4096
  add sp, sp, #1, lsl #12
  .cfi_def_cfa_offset 0
  ret
.end_function large_interrupted

// void large_special(callback, argument)
special_function large_special

  .module_header large, .Lmoment
