// SPDX-License-Identifier: MIT
//
// The vector table: 16 entries of 128 bytes, in the architecture's order [arm-arm D1.3, "Exception vectors"]. An entry
// makes room for the frame and branches on to its path in entry.S. Before that, it makes sure that there is room: an
// exception that is taken because the stack is used up must not push to that stack.
#include "arch/exception_macros.h"
#include "memory/stack_layout.h"

  .arch armv8-a
  .bti_property

// from_el1: the rest of an entry from EL1, at first on whatever stack was interrupted.
//   in: the interrupted state   out: at `path`, sp lowered by the size of a frame, nothing else changed; or at
//   exception_stack_overflow, sp unchanged, x0 and x1 in TPIDRRO_EL0 and TPIDR_EL0   clobbers: flags (they are in
//   SPSR_EL1) and the two registers, which EL0 has no use for here   stack: none
.macro from_el1 name:req, path:req
  msr tpidrro_el0, x0
  msr tpidr_el0, x1
  sub x0, sp, #SUREFOOT_ENTRY_FRAME_SIZE
  // 1. Inside the slots at all: an sp that is garbage would fault again, for ever, at the first store.
  adrp x1, __kernel_stacks_start
  sub x1, x0, x1
  cmp x1, #KERNEL_STACKS_SIZE
  b.hs .Lno_room_\name
  // 2. Aligned: a store by a misaligned sp faults as well (SCTLR_EL1.SA).
  tst x0, #15
  b.ne .Lno_room_\name
  // 3. In the upper half of its slot, which is the stack, and not below it.
  tbz x0, #KERNEL_STACK_SHIFT, .Lno_room_\name
  mrs x1, tpidr_el0
  mrs x0, tpidrro_el0
  sub sp, sp, #SUREFOOT_ENTRY_FRAME_SIZE
  b \path
.Lno_room_\name:
  b exception_stack_overflow
.endm

.macro vector_from_el1 path:req
.vector vector_\path
  from_el1 vector_\path, \path
.end_vector vector_\path
.endm

// vector_from_el0: sp is at the top of the task's stack then (kernel_enter_user), so that room needs no check, and the
// frame lands where the final frame belongs.
.macro vector_from_el0 path:req
  vector_to vector_\path, \path
.endm

  .section .text.vectors, "ax", %progbits
.vector_table exception_vectors
  vector_from_el1 el1t_64_sync  // EL1 on SP_EL0: the kernel never runs so
  vector_from_el1 el1t_64_irq
  vector_from_el1 el1t_64_fiq
  vector_from_el1 el1t_64_error

  vector_from_el1 el1h_64_sync  // EL1 on SP_EL1: the kernel
  vector_from_el1 el1h_64_irq
  vector_from_el1 el1h_64_fiq
  vector_from_el1 el1h_64_error

  vector_from_el0 el0_64_sync   // EL0
  vector_from_el0 el0_64_irq
  vector_from_el0 el0_64_fiq
  vector_from_el0 el0_64_error

  vector_from_el0 el0_32_sync   // EL0 in AArch32: the kernel never starts it
  vector_from_el0 el0_32_irq
  vector_from_el0 el0_32_fiq
  vector_from_el0 el0_32_error
.end_vector_table exception_vectors
