// SPDX-License-Identifier: MIT
//
// The first instructions of each CPU. From "EL1 or EL2, MMU off, nothing set up" to the C++ function kernel_main, which
// already runs as task 0, or kernel_secondary_main, on a guarded stack, with MMU, caches, vectors, BTI and pointer
// authentication on.
#include "arch/exception_macros.h"
#include "memory/shadow_call_stacks.h"
#include "memory/stack_layout.h"

  .arch armv8-a
  .cfi_sections .debug_frame
  .bti_property

// enter_level: from EL2 or EL1 to the level that the kernel runs at, with its own sp.
//   in: x19 = CurrentEL   clobbers: x9, x30
.macro enter_level
  cmp x19, #(2 << 2)               // CurrentEL.EL is bits [3:2] [arm-arm, CurrentEL]
#if KERNEL_STAYS_AT_EL2
  b.ne refuse_level
  bl stay_at_el2
#else
  b.hi refuse_level
  b.lo 1f
  bl drop_to_el1
1:
#endif
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

#ifdef KERNEL_IS_RELOCATED
// void kernel_image_start()
//   The first instruction of a flat image, which names no entry. As _start.
  .section .text.image_start, "ax", %progbits
.function kernel_image_start
  .cfi_undefined x30
  b _start
.end_function kernel_image_start
#endif

// void _start()
//   in: EL1 or EL2, MMU off   out: does not return   stack: task 0's   unwindable when: inside kernel_main, whose
//   record links to the final record
  .section .text.boot, "ax", %progbits
.function _start
  .cfi_undefined x30
  msr daifset, #0xf
  mrs x19, CurrentEL
  enter_level

  // 1. A stack: task 0's, below the final frame, with nothing to link to yet.
  adrp x9, __kernel_stacks_start + KERNEL_STACK_TOP_OFFSET(0)
  sub sp, x9, #SUREFOOT_FINAL_FRAME_SIZE
  set_shadow_call_stack
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

#ifdef KERNEL_IS_RELOCATED
  // Pointers in data, of which the linker knew only how far from the start of the image they lead.
  adrp x9, __kernel_text_start
  adrp x10, __kernel_relocations_start
  add x10, x10, :lo12:__kernel_relocations_start
  adrp x11, __kernel_relocations_end
  add x11, x11, :lo12:__kernel_relocations_end
.Lrelocate:
  cmp x10, x11
  b.hs .Lrelocated
  ldp x12, x13, [x10], #16         // where, and of what kind
  ldr x14, [x10], #8               // the pointer
  cmp x13, #1027                   // R_AARCH64_RELATIVE [aaelf64 §5.7.16]
  b.ne .Lunknown_relocation
  add x14, x14, x9
  str x14, [x9, x12]
  b .Lrelocate
.Lunknown_relocation:
  brk #0
.Lrelocated:
#endif

  // 3. Vectors.
  set_vectors

  // 4. The address space; then pointer authentication, which must not come on while a C++ function is under way.
  bl kernel_enable_mmu
#ifdef KERNEL_VIRTUAL_OFFSET
  // It runs where the physical addresses are. From here on it is where it was linked.
  mov x9, #KERNEL_VIRTUAL_OFFSET
  adr x16, .Lin_upper_half
  add x16, x16, x9
  add sp, sp, x9
  br x16
.Lin_upper_half:
  bti_call                         // a branch by x16 may end at it as well
  set_vectors
  set_shadow_call_stack
  bl kernel_leave_lower_half
#endif
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
  enter_level
  add x10, x20, #1
  adrp x9, __kernel_stacks_start
  add x9, x9, x10, lsl #KERNEL_STACK_SLOT_SHIFT
  sub sp, x9, #SUREFOOT_FINAL_FRAME_SIZE
  set_shadow_call_stack
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
