// SPDX-License-Identifier: MIT
//
// All that runs at EL0: two system calls. So there is an exception from EL0 to look at.
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
