// SPDX-License-Identifier: MIT
//
// A tail call, which compilers make or not as they are asked to optimise.
#include "arch/patchable_function.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// void demo_calls_by_branch()
//   in: -   out: -   clobbers: as demo::tail_called()   stack: none   unwindable: by the link register only
patchable_function demo_calls_by_branch
  b _ZN4demo11tail_calledEv  // demo::tail_called()
.end_function demo_calls_by_branch
