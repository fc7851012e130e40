// SPDX-License-Identifier: MIT
//
// The part of asm.h for tasks: the change from one to another, and where one begins.
#ifndef SUREFOOT_ASM_TASKS_H
#define SUREFOOT_ASM_TASKS_H

#include "surefoot/asm.h"

#if SUREFOOT_REGISTERS_OFFSET_SP != SUREFOOT_REGISTERS_OFFSET_FP + 8
#error "the pair instructions below rely on sp being stored above fp"
#endif

// clang-format off: it knows no assembly

/// context_switch: the function void name(Context* from, const Context* to), which changes to another task. A context
/// is x19 to x28 and then Registers (SUREFOOT_CONTEXT_* in layout.h). FP registers stay as they are.
///   x18: 1 where x18 belongs to the task, as the end of a shadow call stack does; it is behind Registers then
///   in: x0, x1; interrupts masked   out: returns in the task of `to`, which called this earlier, or is new
///   clobbers: all but the callee-saved registers   stack: none
///   unwindable: from `from`'s side until the first load; in between fp, sp and lr belong to different tasks, hence the
///   range. A task that is off the CPU is walked from its saved Registers: as if at the return from here.
.macro context_switch name:req, x18=0
.function \name
  bti_call
  stp x19, x20, [x0, #SUREFOOT_CONTEXT_OFFSET_X19 + 0 * 8]
  stp x21, x22, [x0, #SUREFOOT_CONTEXT_OFFSET_X19 + 2 * 8]
  stp x23, x24, [x0, #SUREFOOT_CONTEXT_OFFSET_X19 + 4 * 8]
  stp x25, x26, [x0, #SUREFOOT_CONTEXT_OFFSET_X19 + 6 * 8]
  stp x27, x28, [x0, #SUREFOOT_CONTEXT_OFFSET_X19 + 8 * 8]
  mov x9, sp
  stp x29, x9, [x0, #SUREFOOT_CONTEXT_OFFSET_REGISTERS + SUREFOOT_REGISTERS_OFFSET_FP]
  str x30, [x0, #SUREFOOT_CONTEXT_OFFSET_REGISTERS + SUREFOOT_REGISTERS_OFFSET_PC]
  .if \x18
  str x18, [x0, #SUREFOOT_CONTEXT_OFFSET_X18]
  ldr x18, [x1, #SUREFOOT_CONTEXT_OFFSET_X18]
  .endif

  ldp x19, x20, [x1, #SUREFOOT_CONTEXT_OFFSET_X19 + 0 * 8]
  ldp x21, x22, [x1, #SUREFOOT_CONTEXT_OFFSET_X19 + 2 * 8]
  ldp x23, x24, [x1, #SUREFOOT_CONTEXT_OFFSET_X19 + 4 * 8]
  ldp x25, x26, [x1, #SUREFOOT_CONTEXT_OFFSET_X19 + 6 * 8]
  ldp x27, x28, [x1, #SUREFOOT_CONTEXT_OFFSET_X19 + 8 * 8]
  ldp x29, x9, [x1, #SUREFOOT_CONTEXT_OFFSET_REGISTERS + SUREFOOT_REGISTERS_OFFSET_FP]
  mov sp, x9
  ldr x30, [x1, #SUREFOOT_CONTEXT_OFFSET_REGISTERS + SUREFOOT_REGISTERS_OFFSET_PC]
  ret
.end_function \name
.L\name\()_end:
  .special_range start=\name, end=.L\name\()_end, kind=other
.endm

/// task_start: the function `name`, with which a task begins, as its outermost function.
///   body: the function that it calls. Without one, it calls the function in x19 with the argument in x20.
///   exit: the function that it calls when that has returned, and which does not return
///   in: x29 = the task's final record, sp not above it; by return from the kernel's context switch, whose saved pc is
///   NAME + 4: the pc of a blocked task is looked up like a return address, one instruction lower, so that there has to
///   be one. It is no landing pad: PSTATE.BTYPE is zero after a return.
///   unwindable: always; the record of its callees says NAME, and the next is the final one
.macro task_start name:req, body, exit
.function \name
  .cfi_undefined x30
  nop
  .ifnb \body
  bl \body
  .else
  mov x0, x20
  blr x19
  .endif
  .ifnb \exit
  bl \exit
  .endif
  brk #0
.end_function \name
.endm

#endif  // SUREFOOT_ASM_TASKS_H
