// SPDX-License-Identifier: MIT
//
// Back from an exception, and into EL0 for the first time. All of it is special: the registers of two contexts are
// mixed.
#include "arch/exception_macros.h"

  .arch armv8-a
  .bti_property
  .section .text.exceptions, "ax", %progbits

  exception_exit_to_kernel ret_to_kernel
  exception_exit_to_user ret_to_user

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
