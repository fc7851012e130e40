// SPDX-License-Identifier: MIT
//
// The change from one task to another, and the first instructions of a new one.
#include "arch/exception_frame.h"
#include "sched/task_context.h"
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .text

#define CONTEXT(field) KERNEL_TASK_CONTEXT_OFFSET_##field

#if SUREFOOT_REGISTERS_OFFSET_SP != SUREFOOT_REGISTERS_OFFSET_FP + 8
#error "the pair instructions below rely on sp being stored above fp"
#endif

// void kernel_switch_context(TaskContext& from, const TaskContext& to)
//   in: x0, x1; interrupts masked   out: returns in the task of `to`, which called this earlier, or is new
//   clobbers: all but the callee-saved registers   stack: none
//   unwindable: from `from`'s side until the first load; in between fp, sp and lr belong to different tasks, hence the
//   range. A task that is off the CPU is walked from its saved {fp, sp, pc}: as if at the return from here.
.function kernel_switch_context
  bti_call
  stp x19, x20, [x0, #CONTEXT(X19) + 0 * 8]
  stp x21, x22, [x0, #CONTEXT(X19) + 2 * 8]
  stp x23, x24, [x0, #CONTEXT(X19) + 4 * 8]
  stp x25, x26, [x0, #CONTEXT(X19) + 6 * 8]
  stp x27, x28, [x0, #CONTEXT(X19) + 8 * 8]
  mov x9, sp
  stp x29, x9, [x0, #CONTEXT(FP)]
  str x30, [x0, #CONTEXT(PC)]
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
  str x18, [x0, #CONTEXT(X18)]
  ldr x18, [x1, #CONTEXT(X18)]
#endif

  ldp x19, x20, [x1, #CONTEXT(X19) + 0 * 8]
  ldp x21, x22, [x1, #CONTEXT(X19) + 2 * 8]
  ldp x23, x24, [x1, #CONTEXT(X19) + 4 * 8]
  ldp x25, x26, [x1, #CONTEXT(X19) + 6 * 8]
  ldp x27, x28, [x1, #CONTEXT(X19) + 8 * 8]
  ldp x29, x9, [x1, #CONTEXT(FP)]
  mov sp, x9
  ldr x30, [x1, #CONTEXT(PC)]
  ret
.end_function kernel_switch_context
.Lswitch_context_end:
  .special_range start=kernel_switch_context, end=.Lswitch_context_end, kind=other

// void kernel_task_entry()
//   The outermost function of every task but the first. x29 is the task's final record already, sp lies just below.
//   in: by return from kernel_switch_context, at kernel_task_entry + 4   out: does not return
//   unwindable: always; the frame record of its callees says kernel_task_entry, and the next is the final one
// The saved pc of a task that has not run yet is looked up like a return address, one instruction lower, so that there
// has to be one. Not a landing pad: PSTATE.BTYPE is zero after a return.
.function kernel_task_entry
  .cfi_undefined x30
  nop
  bl kernel_task_begin
  // kernel_task_retire: where a task comes that has returned from its function, or that a handler has given up on. x29
  // is the final record. In the second case sp may be anywhere, and interrupts are masked.
  .global kernel_task_retire
kernel_task_retire:
  sub sp, x29, #KERNEL_FINAL_RECORD_OFFSET
  bl kernel_task_exit
  brk #0
.end_function kernel_task_entry
