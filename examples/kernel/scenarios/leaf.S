// SPDX-License-Identifier: MIT
//
// See leaf.hpp.
#include "surefoot/asm.h"

  .section .text.demo_interruptible_leaf, "ax", %progbits

// void demo_interruptible_leaf()
//   in: interrupts masked   out: the same   clobbers: nothing   stack: none, leaf
//   unwindable: by the link register only
.function demo_interruptible_leaf
  bti_call
.Lpatch_site:
  nop
  nop
  msr daifclr, #2
  nop              // a pending interrupt is taken here at the latest
  msr daifset, #2
  ret
.end_function demo_interruptible_leaf

// As -fpatchable-function-entry=2 would write it.
  .section __patchable_function_entries, "awo", %progbits, .text.demo_interruptible_leaf
  .balign 8
  .xword .Lpatch_site

.bti_property
