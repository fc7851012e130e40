// SPDX-License-Identifier: MIT
//
// Back from an exception, and into EL0 for the first time. All of it is special: the registers of two contexts are
// mixed.
#include "arch/exception_macros.h"

  .arch armv8-a
  .bti_property
  .section .text.exceptions, "ax", %progbits

// Everything but sp and x0, x1, from the frame at x0; then those two. The load of a pair over its own base is
// allowed, as nothing is written back to the base.
.macro restore_registers
  ldp x2, x3, [x0, #FRAME(X0) + 2 * 8]
  ldp x4, x5, [x0, #FRAME(X0) + 4 * 8]
  ldp x6, x7, [x0, #FRAME(X0) + 6 * 8]
  ldp x8, x9, [x0, #FRAME(X0) + 8 * 8]
  ldp x10, x11, [x0, #FRAME(X0) + 10 * 8]
  ldp x12, x13, [x0, #FRAME(X0) + 12 * 8]
  ldp x14, x15, [x0, #FRAME(X0) + 14 * 8]
  ldp x16, x17, [x0, #FRAME(X0) + 16 * 8]
  ldp x18, x19, [x0, #FRAME(X0) + 18 * 8]
  ldp x20, x21, [x0, #FRAME(X0) + 20 * 8]
  ldp x22, x23, [x0, #FRAME(X0) + 22 * 8]
  ldp x24, x25, [x0, #FRAME(X0) + 24 * 8]
  ldp x26, x27, [x0, #FRAME(X0) + 26 * 8]
  ldr x28, [x0, #FRAME(X0) + 28 * 8]
  ldp x29, x30, [x0, #FRAME(FP)]
  ldp x0, x1, [x0, #FRAME(X0)]
.endm

// load_return_state: pc and pstate of the frame at sp, to where ERET takes them from. First of all D, A, I, F are
// masked: an exception from here on would overwrite ELR_EL1 and SPSR_EL1.
//   out: x0 = the frame   clobbers: x1
.macro load_return_state
  msr daifset, #0xf
  ldp x0, x1, [sp, #FRAME(PC)]
  msr elr_el1, x0
  msr spsr_el1, x1
  mov x0, sp
.endm

// ret_to_kernel: returns to EL1. sp comes from the frame, so that it may lead to another stack (from the overflow
// stack), and a handler may change it. If the frame does not hold it, it is the end of the frame.
//   in: sp = frame
.exception_path ret_to_kernel
  load_return_state
#if KERNEL_FRAME_HAS_KERNEL_SP
  ldr x1, [x0, #FRAME(SP)]
#else
  add x1, x0, #FRAME_SIZE
#endif
  mov sp, x1                       // the frame is below sp now; nothing can be taken that would overwrite it
  restore_registers
  eret
.end_exception_path ret_to_kernel

// ret_to_user: returns to EL0. sp goes back to where the frame of an exception from there ends.
//   in: sp = frame
.exception_path ret_to_user
  load_return_state
  ldr x1, [x0, #FRAME(SP)]
  msr sp_el0, x1
  add sp, sp, #FRAME_SIZE
  restore_registers
  eret
.end_exception_path ret_to_user

// [[noreturn]] void kernel_enter_user(pc, user_sp, kernel_sp)
//   in: x0, x1 = where EL0 starts and its stack, x2 = where the frames of exceptions from EL0 end   out: at EL0, all
//   registers zero
// Gives up all frames of the calling task: the next exception from EL0 starts at the top of its stack.
.exception_path kernel_enter_user
  bti_call
  msr daifset, #0xf
  msr elr_el1, x0
  msr spsr_el1, xzr                // EL0, AArch64, nothing masked [arm-arm, SPSR_EL1]
  msr sp_el0, x1
  mov sp, x2
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
  mov x\n, xzr                     // EL0 learns nothing of the kernel's addresses
  .endr
  eret
.end_exception_path kernel_enter_user
