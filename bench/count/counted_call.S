// SPDX-License-Identifier: MIT
//
// Calls a function and tells what it took: the instructions that it executed, and how much stack it wrote to.
#include "count/counted_call.h"
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .text

#if BENCH_PAINTED_SIZE % 32 != 0
# error "the stack is painted 32 bytes at a time, so that both loops below end"
#endif

// void bench_counted_call(CountedCall* call)
//   in: x0 = the call; event counter 0 runs   out: call->instructions, stack_bytes; call->result = the callee's x0
//   clobbers: as any function   stack: 48 bytes, and the BENCH_PAINTED_SIZE below them are written to
//   Interrupts have to be masked: an exception frame would be counted as the callee's.
.function bench_counted_call
  bti_call
  stp x29, x30, [sp, #-48]!
  mov x29, sp
  stp x19, x20, [sp, #16]
  stp x21, x22, [sp, #32]
  mov x19, x0

  // Paint what the callee may use.
  mov x22, #0x5afe
  movk x22, #0xfeed, lsl #16
  movk x22, #0xc0de, lsl #32
  movk x22, #0xbad0, lsl #48
  mov x9, sp
  sub x10, x9, #BENCH_PAINTED_SIZE
1:
  stp x22, x22, [x9, #-16]!
  stp x22, x22, [x9, #-16]!
  cmp x9, x10
  b.ne 1b

  ldp x0, x1, [x19, #BENCH_CALL_OFFSET_ARGUMENTS]
  ldp x2, x3, [x19, #BENCH_CALL_OFFSET_ARGUMENTS + 16]
  ldp x4, x5, [x19, #BENCH_CALL_OFFSET_ARGUMENTS + 32]
  ldr x8, [x19, #BENCH_CALL_OFFSET_RESULT_AT]
  ldr x9, [x19, #BENCH_CALL_OFFSET_FUNCTION]
  isb
  mrs x20, pmevcntr0_el0
  blr x9
  mrs x21, pmevcntr0_el0
  sub x21, x21, x20
  str x21, [x19, #BENCH_CALL_OFFSET_INSTRUCTIONS]
  str x0, [x19, #BENCH_CALL_OFFSET_RESULT]

  // The lowest word that is not paint any more. Bounded: the word at sp is not paint.
  mov x10, sp
  sub x9, x10, #BENCH_PAINTED_SIZE
2:
  cmp x9, x10
  b.eq 3f
  ldr x11, [x9]
  cmp x11, x22
  b.ne 3f
  add x9, x9, #8
  b 2b
3:
  sub x9, x10, x9
  str x9, [x19, #BENCH_CALL_OFFSET_STACK_BYTES]

  ldp x21, x22, [sp, #32]
  ldp x19, x20, [sp, #16]
  ldp x29, x30, [sp], #48
  ret
.end_function bench_counted_call

// Two instructions, to find out what the counting itself takes.
.function bench_two_instructions
  bti_call
  ret
.end_function bench_two_instructions

// A loop of 3 * x0 + 2 instructions, to see that the counter counts. x0 is not 0.
.function bench_known_loop
  bti_call
1:
  nop
  subs x0, x0, #1
  b.ne 1b
  ret
.end_function bench_known_loop
