// SPDX-License-Identifier: MIT
//
// A function without a frame record: whoever is interrupted in it has its caller in the link register only.
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .text

// void livepatch_leaf()
//   in: interrupts masked, one pending   out: interrupts masked   clobbers: nothing   stack: none, leaf
//   unwindable: by the link register only
.function livepatch_leaf
  bti_call
  msr daifclr, #2
  nop              // a pending interrupt is taken here at the latest
  msr daifset, #2
  ret
.end_function livepatch_leaf
  .global livepatch_leaf_end
livepatch_leaf_end:
