// SPDX-License-Identifier: MIT
//
// A program at EL0 that works, and asks now and then whether it may go on.
#include "user/system_calls.h"

  .arch armv8-a
  .section .user_text, "ax", %progbits

// void profile_user_loop()
//   in: EL0, sp = top of the user's stack   out: does not return
  .global profile_user_loop
  .type profile_user_loop, %function
profile_user_loop:
  mov w1, #0x7530                  // 30,000 turns
1:
  subs w1, w1, #1
  b.ne 1b
  svc #SYSTEM_CALL_HELLO
  b profile_user_loop
  .size profile_user_loop, . - profile_user_loop
