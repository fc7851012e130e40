// SPDX-License-Identifier: MIT
//
// The paths from a vector to C++ and back. One path an exception, each with its own symbol, so that a trace tells which
// one was taken. None is a function: nothing calls it and nothing it does could be unwound by a rule of functions, so
// each is a special range; those from EL0 until the entry is done.
#include "arch/exception_macros.h"
#include "arch/exception_numbers.h"
#include "memory/stack_layout.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .section .text.exceptions, "ax", %progbits

// handle_interrupt: calls the handler on the IRQ stack of this CPU, unless the interrupted code was not on a task's
// stack: then it may well be on the IRQ stack, and stays where it is. Afterwards, back on the task's own stack, another
// task may get the CPU. x29 keeps pointing at the frame's record: the first record on the IRQ stack links to the stack
// that was left.
//   in: sp = frame   out: sp = frame   clobbers: all but x19, x29, sp
.macro handle_interrupt
  mov x0, sp
  mov x19, sp
  adrp x1, __kernel_stacks_start + KERNEL_STACK_SLOT_OFFSET(KERNEL_STACK_SLOT_IRQ)
  cmp x19, x1
  b.hs 1f
  adrp x1, __kernel_stacks_start + KERNEL_STACK_TOP_OFFSET(KERNEL_STACK_SLOT_IRQ)
  cpu_times_slot x2
  add sp, x1, x2
  bl kernel_handle_interrupt
  mov sp, x19
  bl kernel_preempt
  b 2f
1:
  bl kernel_handle_interrupt
2:
.endm

// unexpected_from_el1, unexpected_from_el0: paths whose handler panics.
.macro unexpected_from_el1 path:req, number:req, was_on_sp_el0=0
  kernel_exception \path, kernel_unexpected_exception, 1, \number, was_on_sp_el0=\was_on_sp_el0
.endm

.macro unexpected_from_el0 path:req, number:req
  user_exception \path, kernel_unexpected_exception, 1, \number
.endm

  unexpected_from_el1 el1t_64_sync, EXCEPTION_EL1T_SYNC, was_on_sp_el0=1
  unexpected_from_el1 el1t_64_irq, EXCEPTION_EL1T_IRQ, was_on_sp_el0=1
  unexpected_from_el1 el1t_64_fiq, EXCEPTION_EL1T_FIQ, was_on_sp_el0=1
  unexpected_from_el1 el1t_64_error, EXCEPTION_EL1T_ERROR, was_on_sp_el0=1

  kernel_exception el1h_64_sync, kernel_handle_synchronous, syndrome=1, exit=ret_to_kernel

.exception_path el1h_64_irq
  enter_from_kernel syndrome=0
.entry_is_done el1h_64_irq
  handle_interrupt
  b ret_to_kernel
.end_kernel_exception_path el1h_64_irq

  unexpected_from_el1 el1h_64_fiq, EXCEPTION_EL1H_FIQ
  unexpected_from_el1 el1h_64_error, EXCEPTION_EL1H_ERROR

.user_exception_path el0_64_sync
  enter_from_user syndrome=1
.entry_is_done el0_64_sync
  call_handler kernel_handle_synchronous
  ldr x0, [sp, #SUREFOOT_ENTRY(PSTATE)]
  tst x0, #KERNEL_PSTATE_OF_KERNEL // not of what is below. A hook may have sent the task to the kernel instead
  b.ne ret_to_kernel
  b ret_to_user
.end_user_exception_path el0_64_sync

.user_exception_path el0_64_irq
  enter_from_user syndrome=0
.entry_is_done el0_64_irq
  handle_interrupt
  b ret_to_user
.end_user_exception_path el0_64_irq

  unexpected_from_el0 el0_64_fiq, EXCEPTION_EL0_64_FIQ
  unexpected_from_el0 el0_64_error, EXCEPTION_EL0_64_ERROR
  unexpected_from_el0 el0_32_sync, EXCEPTION_EL0_32_SYNC
  unexpected_from_el0 el0_32_irq, EXCEPTION_EL0_32_IRQ
  unexpected_from_el0 el0_32_fiq, EXCEPTION_EL0_32_FIQ
  unexpected_from_el0 el0_32_error, EXCEPTION_EL0_32_ERROR
