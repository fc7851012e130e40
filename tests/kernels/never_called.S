// SPDX-License-Identifier: MIT
//
// The same in assembly.
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .section .text.never_called_veneer, "ax", %progbits

// void never_called_veneer()
//   unwindable: always, lr is live
.function never_called_veneer
  bti_call
  ret
.Lend:
.end_function never_called_veneer
  .special_range start=never_called_veneer, end=.Lend, kind=veneer, pc=link_register
