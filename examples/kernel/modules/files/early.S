// SPDX-License-Identifier: MIT
//
// The module `early`: it is interrupted where a record is on the stack that x29 does not point to yet. The instruction
// is as far from the module's start as that of the module `leaf`: with the tables of the other, a walk would be wrong.
#include "modules/module_file.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// void early_interrupted()
//   in: -   out: -   clobbers: nothing   stack: 32 bytes   unwindable: by its record, while x29 points at it
module_function early_interrupted
  stp x29, x30, [sp, #-32]!
  .cfi_def_cfa_offset 32
  .cfi_offset 29, -32
  .cfi_offset 30, -24
.Lmoment:
  mov x29, sp
  mov x30, xzr     // so that only the stack has the return address
  ldp x29, x30, [sp], #32
  .cfi_def_cfa_offset 0
  .cfi_restore 29
  .cfi_restore 30
  ret
.end_function early_interrupted

// void early_special(callback, argument)
special_function early_special

  .module_header early, .Lmoment
