// SPDX-License-Identifier: MIT
//
// The change from one task to another, and the first instructions of a new one.
#include "arch/exception_frame.h"
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .text

// void kernel_switch_context(TaskContext& from, const TaskContext& to)
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
  context_switch kernel_switch_context, x18=1
#else
  context_switch kernel_switch_context
#endif

// void kernel_task_entry()
//   The outermost function of every task but the first. x29 is the task's final record already, sp lies just below.
  task_start kernel_task_entry, kernel_task_begin, exit=kernel_task_retire

// void kernel_task_retire()
//   Where a task comes that has returned from its function, or that a handler has given up on: sp may be anywhere then,
//   and interrupts are masked.
//   in: x29 = the task's final record   out: does not return   unwindable: always, as an outermost function
.function kernel_task_retire
  .cfi_undefined x30
  sub sp, x29, #SUREFOOT_FINAL_FRAME_OFFSET_RECORD
  bl kernel_task_exit
  brk #0
.end_function kernel_task_retire
