// SPDX-License-Identifier: MIT
//
// The registers from which a walk of the present context starts.
#include "surefoot/asm.h"
#include "surefoot/layout.h"

  .section .text.surefoot_capture, "ax", %progbits

// void surefoot_capture(Registers* out)
//   in: x0 = out   out: *out is the caller as of the return   clobbers: x1   stack: none, leaf
//   unwindable: never looked at from inside; the caller's record is in place throughout
.function surefoot_capture
  bti_call
  mov x1, sp
  stp x29, x1, [x0, #SUREFOOT_REGISTERS_OFFSET_FP]
#if SUREFOOT_REGISTERS_OFFSET_SP != SUREFOOT_REGISTERS_OFFSET_FP + 8
# error "the stp above stores sp right after fp"
#endif
  str x30, [x0, #SUREFOOT_REGISTERS_OFFSET_PC]
  ret
.end_function surefoot_capture

.bti_property
