// SPDX-License-Identifier: MIT
//
// All that runs at EL0: system calls, so that there are exceptions from EL0 to look at, and calls that lead to one.
#include "user/system_calls.h"

  .arch armv8-a
  .section .user_text, "ax", %progbits

// void user_program()
//   in: EL0, all registers zero, sp = top of the user's stack   out: does not return
  .global user_program
  .type user_program, %function
user_program:
  str xzr, [sp, #-16]!             // the stack is there
  svc #SYSTEM_CALL_HELLO
  svc #SYSTEM_CALL_EXIT
  b .                              // not reached
  .size user_program, . - user_program

  .macro user_function name
  .global \name
  .type \name, %function
\name:
  stp x29, x30, [sp, #-16]!
  mov x29, sp
  .endm
  .macro end_user_function name
  ldp x29, x30, [sp], #16
  ret
  .size \name, . - \name
  .endm

// void user_calls()
//   in: as user_program   out: does not return
// Calls user_outer, which calls user_inner, which calls the kernel: each by its third instruction.
  user_function user_calls
  bl user_outer
  svc #SYSTEM_CALL_EXIT
  b .                              // not reached
  .size user_calls, . - user_calls

  user_function user_outer
  bl user_inner
  end_user_function user_outer

  user_function user_inner
  svc #SYSTEM_CALL_HELLO
  end_user_function user_inner
