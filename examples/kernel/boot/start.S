// SPDX-License-Identifier: MIT
//
// The first instructions of each CPU. From "EL1 or EL2, MMU off, nothing set up" to the C++ function kernel_main, which
// already runs as task 0, or kernel_secondary_main, on a guarded stack, with MMU, caches, vectors, BTI and pointer
// authentication on.
#include "arch/exception_macros.h"
#include "memory/stack_layout.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// enter_el1: from EL2 or EL1 to EL1 with its own sp.
//   in: x19 = CurrentEL   clobbers: x9, x30
.macro enter_el1
  cmp x19, #(2 << 2)               // CurrentEL.EL is bits [3:2] [arm-arm, CurrentEL]
  b.hi refuse_el3
  b.lo 1f
  bl drop_to_el1
1:
  msr spsel, #1
.endm

// set_vectors: before anything that could fail: the panic path works without the MMU.
//   clobbers: x9
.macro set_vectors
  adrp x9, exception_vectors
  add x9, x9, :lo12:exception_vectors
  msr vbar_el1, x9
  isb
.endm

// void _start()
//   in: EL1 or EL2, MMU off   out: does not return   stack: task 0's   unwindable when: inside kernel_main, whose
//   record links to the final record
  .section .text.boot, "ax", %progbits
.function _start
  .cfi_undefined x30
  msr daifset, #0xf
  mrs x19, CurrentEL
  enter_el1

  // 1. A stack: task 0's, below the final frame, with nothing to link to yet.
  adrp x9, __kernel_stacks_start + KERNEL_STACK_TOP_OFFSET(0)
  sub sp, x9, #SUREFOOT_FINAL_FRAME_SIZE
  mov x29, xzr
  mov x30, xzr

  // 2. .bss, which C++ expects to be zero. kernel.ld aligns its bounds to 16.
  adrp x9, __kernel_bss_start
  add x9, x9, :lo12:__kernel_bss_start
  adrp x10, __kernel_bss_end
  add x10, x10, :lo12:__kernel_bss_end
.Lclear:
  cmp x9, x10
  b.hs .Lcleared
  stp xzr, xzr, [x9], #16
  b .Lclear
.Lcleared:

  // 3. Vectors.
  set_vectors

  // 4. The address space; then pointer authentication, which must not come on while a C++ function is under way.
  bl kernel_enable_mmu
  bl enable_pointer_authentication

  // 5. The final record, where every walk of task 0 has to end.
  make_final_record

  mov x0, x19
  bl kernel_main
  brk #0                           // kernel_main does not return; and its return address lies in this function
.end_function _start

// void kernel_start_secondary()
//   Where the firmware lets the other CPUs begin (smp.cpp).
//   in: x0 = the index of the CPU's idle task; EL1 or EL2, MMU off; no line of that task's stack is in a cache
//   out: does not return   stack: the idle task's   unwindable when: inside kernel_secondary_main
.function kernel_start_secondary
  .cfi_undefined x30
  msr daifset, #0xf
  mov x20, x0
  mrs x19, CurrentEL
  enter_el1
  add x10, x20, #1
  adrp x9, __kernel_stacks_start
  add x9, x9, x10, lsl #KERNEL_STACK_SLOT_SHIFT
  sub sp, x9, #SUREFOOT_FINAL_FRAME_SIZE
  mov x29, xzr
  mov x30, xzr
  set_vectors
  bl kernel_share_address_space
  bl enable_pointer_authentication
  make_final_record
  mov x0, x20
  bl kernel_secondary_main
  brk #0
.end_function kernel_start_secondary
