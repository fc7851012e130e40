// SPDX-License-Identifier: MIT
//
// See leaf.hpp.
#include "arch/patchable_function.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// void demo_interruptible_leaf()
//   in: interrupts masked   out: the same   clobbers: nothing   stack: none, leaf
//   unwindable: by the link register only
patchable_function demo_interruptible_leaf
  msr daifclr, #2
  nop              // a pending interrupt is taken here at the latest
  msr daifset, #2
  ret
.end_function demo_interruptible_leaf
