// SPDX-License-Identifier: MIT
//
// Calls that a compiler does not make: on another stack, and with every register branded.
#include "surefoot/asm.h"
#include "surefoot/layout.h"

  .text

// void live_run_on(void (*function)(void*), void* argument, MetadataRecord* bottom)
//   in: x0, x1, x2 = a final record at the top of a stack   out: -   clobbers: as any call
//   stack: 16 bytes of the present one, 16 below the record   unwindable: within the call, up to the record
.function live_run_on
  bti_call
  stp x29, x30, [sp, #-16]!
  mov x9, sp
  str x9, [x2, #-16]
  sub x9, x2, #16
  mov sp, x9
  mov x29, x2
  mov x9, x0
  mov x0, x1
  blr x9
  ldr x9, [sp]
  mov sp, x9
  ldp x29, x30, [sp], #16
  ret
.end_function live_run_on

// void live_call_branded(const void* function, BrandedRegisters* registers)
//   in: x0, x1 -> x0 to x8, x19 to x28, sp   out: the same registers as they are after the call; sp = its change
//   clobbers: as any call   stack: 112 bytes   unwindable: within the call
.function live_call_branded
  bti_call
  stp x29, x30, [sp, #-112]!
  mov x29, sp
  stp x19, x20, [sp, #16]
  stp x21, x22, [sp, #32]
  stp x23, x24, [sp, #48]
  stp x25, x26, [sp, #64]
  stp x27, x28, [sp, #80]
  str x1, [sp, #96]
  mov x16, x0
  mov x17, x1
  ldp x0, x1, [x17, #0]
  ldp x2, x3, [x17, #16]
  ldp x4, x5, [x17, #32]
  ldp x6, x7, [x17, #48]
  ldr x8, [x17, #64]
  ldp x19, x20, [x17, #72]
  ldp x21, x22, [x17, #88]
  ldp x23, x24, [x17, #104]
  ldp x25, x26, [x17, #120]
  ldp x27, x28, [x17, #136]
  blr x16
  ldr x17, [sp, #96]
  stp x0, x1, [x17, #0]
  stp x2, x3, [x17, #16]
  stp x4, x5, [x17, #32]
  stp x6, x7, [x17, #48]
  str x8, [x17, #64]
  stp x19, x20, [x17, #72]
  stp x21, x22, [x17, #88]
  stp x23, x24, [x17, #104]
  stp x25, x26, [x17, #120]
  stp x27, x28, [x17, #136]
  mov x16, sp
  sub x16, x16, x29
  str x16, [x17, #152]
  mov sp, x29
  ldp x19, x20, [sp, #16]
  ldp x21, x22, [sp, #32]
  ldp x23, x24, [sp, #48]
  ldp x25, x26, [sp, #64]
  ldp x27, x28, [sp, #80]
  ldp x29, x30, [sp], #112
  ret
.end_function live_call_branded

// std::uint64_t live_call_with_x18(void (*function)(void*), void* argument, std::uint64_t value)
//   in: x0, x1, x2 = what x18 holds during the call   out: x0 = what it holds after the call   clobbers: as any call
//   stack: 32 bytes   unwindable: within the call
.function live_call_with_x18
  bti_call
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  str x18, [sp, #16]
  mov x9, x0
  mov x0, x1
  mov x18, x2
  blr x9
  mov x0, x18
  ldr x18, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
.end_function live_call_with_x18

.bti_property
