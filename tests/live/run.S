// SPDX-License-Identifier: MIT
//
// Calls that a compiler does not make: on another stack, and with every register branded.
#include "surefoot/asm.h"
#include "surefoot/layout.h"

// exchange_branded: loads or stores x0 to x28, but x9, which points at x0's place, and x18.
//   pair, single: ldp and ldr, or stp and str. Required.
.macro exchange_branded pair:req, single:req
  \pair x0, x1, [x9, #0 * 8]
  \pair x2, x3, [x9, #2 * 8]
  \pair x4, x5, [x9, #4 * 8]
  \pair x6, x7, [x9, #6 * 8]
  \single x8, [x9, #8 * 8]
  \pair x10, x11, [x9, #10 * 8]
  \pair x12, x13, [x9, #12 * 8]
  \pair x14, x15, [x9, #14 * 8]
  \pair x16, x17, [x9, #16 * 8]
  \pair x19, x20, [x9, #19 * 8]
  \pair x21, x22, [x9, #21 * 8]
  \pair x23, x24, [x9, #23 * 8]
  \pair x25, x26, [x9, #25 * 8]
  \pair x27, x28, [x9, #27 * 8]
.endm

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
//   in: x0, x1 -> x0 to x28 but x9 and x18, sp   out: the same registers as they are after the call; sp = its change
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
  stp x0, x1, [sp, #96]
  mov x9, x1
  exchange_branded ldp, ldr
  ldr x9, [sp, #96]
  blr x9
  ldr x9, [sp, #104]
  exchange_branded stp, str
  mov x16, sp
  sub x16, x16, x29
  str x16, [x9, #29 * 8]
  mov sp, x29
  ldp x19, x20, [sp, #16]
  ldp x21, x22, [sp, #32]
  ldp x23, x24, [sp, #48]
  ldp x25, x26, [sp, #64]
  ldp x27, x28, [sp, #80]
  ldp x29, x30, [sp], #112
  ret
.end_function live_call_branded

// void live_traced_registers()
//   in: any   out: live_entry_registers = x0 to x28 but x9 and x18 as they are behind the patch site
//   clobbers: x9   stack: none, leaf   unwindable: by the link register only
.function live_traced_registers
  bti_call
.Lsite:
  nop
  nop
  adrp x9, live_entry_registers
  add x9, x9, :lo12:live_entry_registers
  exchange_branded stp, str
  ret
.end_function live_traced_registers
  .pushsection __patchable_function_entries, "awo", %progbits, live_traced_registers
  .balign 8
  .quad .Lsite
  .popsection

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
