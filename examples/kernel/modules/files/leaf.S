// SPDX-License-Identifier: MIT
//
// The module `leaf`: it is interrupted in a function that has no record at all.
#include "modules/module_file.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// void leaf_interrupted()
//   in: -   out: -   clobbers: nothing   stack: none, leaf   unwindable: by the link register only
module_function leaf_interrupted
  nop
.Lmoment:
  nop
  ret
.end_function leaf_interrupted

// void leaf_special(callback, argument)
special_function leaf_special

  .module_header leaf, .Lmoment
