// SPDX-License-Identifier: MIT
#include "surefoot/asm.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property
  .text

// brand: gives each of x0 to x28 a value of its own.
.macro brand
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28
  mov x\n, #(0x5a00 + \n)
  .endr
.endm

// count_changed: counts in x30 the registers that have another value than brand gave them.
.macro count_changed
  mov x30, #0
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28
  sub x\n, x\n, #0x5, lsl #12
  sub x\n, x\n, #0xa00
  cmp x\n, #\n
  cinc x30, x30, ne
  .endr
.endm

// A frame for a function that uses all registers.
.macro save_callee_saved
  bti_call
  stp x29, x30, [sp, #-96]!
  mov x29, sp
  stp x19, x20, [sp, #16]
  stp x21, x22, [sp, #32]
  stp x23, x24, [sp, #48]
  stp x25, x26, [sp, #64]
  stp x27, x28, [sp, #80]
.endm
.macro restore_callee_saved_and_return
  mov x0, x30
  ldp x19, x20, [sp, #16]
  ldp x21, x22, [sp, #32]
  ldp x23, x24, [sp, #48]
  ldp x25, x26, [sp, #64]
  ldp x27, x28, [sp, #80]
  ldp x29, x30, [sp], #96
  ret
.endm

.function probe_registers_over_brk
  save_callee_saved
  brand
  .global probe_brk_instruction
probe_brk_instruction:
  brk #1
  count_changed
  restore_callee_saved_and_return
.end_function probe_registers_over_brk

.function probe_registers_over_interrupt
  save_callee_saved
  brand
  msr daifclr, #2
  nop
  count_changed
  restore_callee_saved_and_return
.end_function probe_registers_over_interrupt

.function probe_load
  bti_call
  ldr x0, [x0]
  ret
.end_function probe_load

.function probe_store
  bti_call
  str xzr, [x0]
  ret
.end_function probe_store

.function probe_call
  bti_call
  stp x29, x30, [sp, #-16]!
  mov x29, sp
  blr x0
  ldp x29, x30, [sp], #16
  ret
.end_function probe_call

.function probe_patchable
  bti_call
  .global probe_without_landing_pad
  .global probe_patched_instruction
probe_without_landing_pad:
probe_patched_instruction:
  mov x0, #1
  ret
.end_function probe_patchable

.function probe_push_with_sp
  bti_call
  mov sp, x0
  stp x29, x30, [sp, #-16]!
  brk #0                           // not reached: the store faults
.end_function probe_push_with_sp
