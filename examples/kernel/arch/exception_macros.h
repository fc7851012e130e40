// SPDX-License-Identifier: MIT
//
// The parts that all exception paths are made of. For entry.S and overflow.S. The order of the stores is a promise to
// whoever interrupts an entry (records.hpp): first the registers, then pc and pstate, then the metadata record, and x29
// points at the record last.
#ifndef KERNEL_EXCEPTION_MACROS_H
#define KERNEL_EXCEPTION_MACROS_H

#include "surefoot/asm.h"

#define FRAME(field) SUREFOOT_EXCEPTION_FRAME_OFFSET_##field
#define FRAME_SIZE SUREFOOT_EXCEPTION_FRAME_SIZE

#if SUREFOOT_EXCEPTION_FRAME_OFFSET_LR != SUREFOOT_EXCEPTION_FRAME_OFFSET_FP + 8 ||     \
    SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE != SUREFOOT_EXCEPTION_FRAME_OFFSET_PC + 8 || \
    SUREFOOT_EXCEPTION_FRAME_OFFSET_FAR != SUREFOOT_EXCEPTION_FRAME_OFFSET_ESR + 8
#error "the stores of pairs below rely on these fields being neighbours"
#endif

// .exception_path: begins a path, a global symbol and a special range. What there is to say about it, the
// range and the metadata record say.
.macro .exception_path name:req
  .balign 4
  .global \name
  .type \name, %function
\name:
.endm

.macro .end_exception_path name:req
.L\name\()_end:
  .size \name, . - \name
  .special_range start=\name, end=.L\name\()_end, kind=exception_entry
.endm

// .user_exception_path: begins a path from EL0. Nothing in the kernel is returned to from there, which the frame table
// learns from the call frame information.
.macro .user_exception_path name:req
  .exception_path \name
  .cfi_startproc
  .cfi_undefined x30
.endm

// .entry_is_done: in a path that calls C++, after which x29 is the metadata record. Up to here a pc in the path says
// nothing about where the registers of the interrupted code are.
.macro .entry_is_done name:req
.L\name\()_entered:
  .special_range start=\name, end=.L\name\()_entered, kind=exception_entry
.endm

// .end_kernel_exception_path: the end of a path from EL1. It stays special, because the code that it interrupted may be
// anywhere, but by the metadata record a walk leads on exactly.
.macro .end_kernel_exception_path name:req
.L\name\()_end:
  .size \name, . - \name
  .special_range start=.L\name\()_entered, end=.L\name\()_end, kind=exception_entry, pc=frame_record
.endm

// .end_user_exception_path: the end of a path from EL0. x29 is the task's final record, and a chain that ends on it is
// complete: the call in the path is no more special than that of a task's first function.
.macro .end_user_exception_path name:req
  .cfi_endproc
  .size \name, . - \name
.endm

// x2 to x30, as they were interrupted. x0 and x1 are stored by the caller.
.macro save_x2_to_lr
  stp x2, x3, [sp, #FRAME(X0) + 2 * 8]
  stp x4, x5, [sp, #FRAME(X0) + 4 * 8]
  stp x6, x7, [sp, #FRAME(X0) + 6 * 8]
  stp x8, x9, [sp, #FRAME(X0) + 8 * 8]
  stp x10, x11, [sp, #FRAME(X0) + 10 * 8]
  stp x12, x13, [sp, #FRAME(X0) + 12 * 8]
  stp x14, x15, [sp, #FRAME(X0) + 14 * 8]
  stp x16, x17, [sp, #FRAME(X0) + 16 * 8]
  stp x18, x19, [sp, #FRAME(X0) + 18 * 8]
  stp x20, x21, [sp, #FRAME(X0) + 20 * 8]
  stp x22, x23, [sp, #FRAME(X0) + 22 * 8]
  stp x24, x25, [sp, #FRAME(X0) + 24 * 8]
  stp x26, x27, [sp, #FRAME(X0) + 26 * 8]
  str x28, [sp, #FRAME(X0) + 28 * 8]
  stp x29, x30, [sp, #FRAME(FP)]
.endm

// Completes a frame whose general registers are stored.
//   in: x21 = interrupted sp   out: x29 = the metadata record   clobbers: x22, x23
//   type: SUREFOOT_METADATA_*   syndrome: 1 where ESR_EL1 and FAR_EL1 belong to this exception; interrupts leave them
//   alone
.macro save_state_and_record type:req, syndrome:req
  str x21, [sp, #FRAME(SP)]
  mrs x22, elr_el1
  mrs x23, spsr_el1
  stp x22, x23, [sp, #FRAME(PC)]
  .if \syndrome
  mrs x22, esr_el1
  mrs x23, far_el1
  stp x22, x23, [sp, #FRAME(ESR)]
  .else
  stp xzr, xzr, [sp, #FRAME(ESR)]
  .endif
  mov x22, #\type
  stp xzr, xzr, [sp, #FRAME(RECORD)]
  str x22, [sp, #FRAME(RECORD) + SUREFOOT_METADATA_RECORD_OFFSET_TYPE]
  add x29, sp, #FRAME(RECORD)
.endm

// enter_from_el1, enter_from_el0: from a vector, which has lowered sp, to a complete frame at sp. The interrupted sp is
// above the frame, or, where SP_EL0 was in use, in that register.
//   out: sp = the frame, x29 = its record   clobbers: x21-x23, saved before
.macro enter_from_el1 syndrome:req, was_on_sp_el0=0
  stp x0, x1, [sp, #FRAME(X0)]
  save_x2_to_lr
  .if \was_on_sp_el0
  mrs x21, sp_el0
  .else
  add x21, sp, #FRAME_SIZE
  .endif
  save_state_and_record SUREFOOT_METADATA_EXCEPTION, \syndrome
.endm

.macro enter_from_el0 syndrome:req
  stp x0, x1, [sp, #FRAME(X0)]
  save_x2_to_lr
  mrs x21, sp_el0
  save_state_and_record SUREFOOT_METADATA_FINAL, \syndrome
.endm

#endif  // KERNEL_EXCEPTION_MACROS_H
