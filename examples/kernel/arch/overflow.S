// SPDX-License-Identifier: MIT
//
// The way out when an exception finds no room for its frame: the overflow stack. The frame there is like any other,
// with the interrupted sp in its sp field. A walk crosses from one stack to the other by the frame pointer.
//
// If the frame does not hold sp, a walk takes the frame's end for it: the end of the overflow stack. Nothing can be
// read above that, so that no rule in terms of sp is followed, and the frame pointer is right as ever. But sp itself is
// lost: the interrupted code cannot be resumed.
#include "arch/exception_macros.h"
#include "memory/stack_layout.h"

  .arch armv8-a
  .bti_property
  .section .text.exceptions, "ax", %progbits

// exception_stack_overflow: from a vector from EL1.
//   in: sp as interrupted, x0 and x1 in TPIDRRO_EL0 and TPIDR_EL0   out: resumes what the frame says, if the hook
//   returns
.exception_path exception_stack_overflow
  // If sp is in the slot of this CPU's overflow stack, then that stack has overflowed too, and there is none left.
  cpu_times_slot x0
  adrp x1, __kernel_stacks_start + KERNEL_STACK_SLOT_OFFSET(KERNEL_STACK_SLOT_OVERFLOW)
  add x0, x0, x1
  sub x1, sp, #1                   // sp at the very bottom of the slot belongs to the stack below it
  sub x1, x1, x0
  cmp x1, #KERNEL_STACK_SLOT_SIZE
  mov x1, sp
  add sp, x0, #KERNEL_STACK_SLOT_SIZE
  b.lo .Lno_stack_left

  sub sp, sp, #SUREFOOT_ENTRY_FRAME_SIZE
  save_x2_to_lr
#if SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP
  mov x21, x1
#else
  mrs x21, sp_el0
#endif
  mrs x0, tpidrro_el0
  mrs x1, tpidr_el0
  stp x0, x1, [sp, #SUREFOOT_ENTRY(X0)]
  save_state syndrome=1
  make_exception_record
.entry_is_done exception_stack_overflow
  call_handler kernel_handle_stack_overflow
  b ret_to_kernel

.Lno_stack_left:
  mov x29, xzr                     // the stack below holds nothing that could be trusted
  mov x0, x1
  bl kernel_overflow_stack_exhausted
  brk #0
.end_kernel_exception_path exception_stack_overflow
