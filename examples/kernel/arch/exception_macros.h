// SPDX-License-Identifier: MIT
//
// The parts that all exception paths are made of. For entry.S and overflow.S. The order of the stores is a promise to
// whoever interrupts an entry (records.hpp): first the registers, then pc and pstate, then the record, and x29 points
// at the record last. The layout of the frame is that of exception_frame.h.
#ifndef KERNEL_EXCEPTION_MACROS_H
#define KERNEL_EXCEPTION_MACROS_H

#include "arch/exception_frame.h"
#include "memory/shadow_call_stacks.h"
#include "memory/stack_layout.h"
#include "surefoot/asm.h"

#define FRAME(field) KERNEL_FRAME_OFFSET_##field
#define FRAME_SIZE KERNEL_FRAME_SIZE

#if KERNEL_FRAME_OFFSET_LR != KERNEL_FRAME_OFFSET_FP + 8 || KERNEL_FRAME_OFFSET_PSTATE != KERNEL_FRAME_OFFSET_PC + 8
#error "the stores of pairs below rely on these fields being neighbours"
#endif
#if KERNEL_FRAME_HAS_SYNDROME && KERNEL_FRAME_OFFSET_FAR != KERNEL_FRAME_OFFSET_ESR + 8
#error "the store of the syndrome relies on its fields being neighbours"
#endif

// clang-format off: it knows no assembly

// .exception_path: begins a path, a global symbol and a special range. What there is to say about it, the range and the
// record say.
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

// .entry_is_done: in a path that calls C++, after which x29 is the record. Up to here a pc in the path says nothing
// about where the registers of the interrupted code are.
.macro .entry_is_done name:req
.L\name\()_entered:
  .special_range start=\name, end=.L\name\()_entered, kind=exception_entry
.endm

// .end_kernel_exception_path: the end of a path from EL1. It stays special, because the code that it interrupted may be
// anywhere. A walk leads on exactly: by the metadata record; or, if the record is a plain one, by the rule of this
// range, which says that x29 is the record of an exception frame. There is no such rule for an exception that was taken
// on SP_EL0 if the frame does not hold that sp.
.macro .end_kernel_exception_path name:req, was_on_sp_el0=0
.L\name\()_end:
  .size \name, . - \name
  .if KERNEL_FRAME_IS_TYPED
  .special_range start=.L\name\()_entered, end=.L\name\()_end, kind=exception_entry, pc=frame_record
  .elseif \was_on_sp_el0 && !KERNEL_FRAME_HAS_KERNEL_SP
  .special_range start=.L\name\()_entered, end=.L\name\()_end, kind=exception_entry
  .else
  .special_range start=.L\name\()_entered, end=.L\name\()_end, kind=exception_entry, pc=exception_frame
  .endif
.endm

// .end_user_exception_path: the end of a path from EL0. x29 is the task's final record, and a chain that ends on it is
// complete: the call in the path is no more special than that of a task's first function.
.macro .end_user_exception_path name:req
  .cfi_endproc
  .size \name, . - \name
.endm

// cpu_times_slot: the number of this CPU (arch/cpu.hpp) times the size of a stack's slot.
.macro cpu_times_slot register:req
  mrs \register, mpidr_el1
  ubfiz \register, \register, #KERNEL_STACK_SLOT_SHIFT, #KERNEL_CPU_BITS
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

// save_state: of a frame whose general registers are stored, all but the record.
//   in: x21 = interrupted sp   out: x22 = interrupted pc   clobbers: x23
//   syndrome: 1 where ESR_EL1 and FAR_EL1 belong to this exception; interrupts leave them alone
.macro save_state syndrome:req
#if KERNEL_FRAME_HAS_SYNDROME
  .if \syndrome
  mrs x22, esr_el1
  mrs x23, far_el1
  stp x22, x23, [sp, #FRAME(ESR)]
  .else
  stp xzr, xzr, [sp, #FRAME(ESR)]
  .endif
#endif
  str x21, [sp, #FRAME(SP)]
  mrs x22, elr_el1
  mrs x23, spsr_el1
  stp x22, x23, [sp, #FRAME(PC)]
.endm

// make_final_record: the task's final record, where nothing of the kernel was interrupted.
//   in: sp = the final frame   out: x29 = the record   clobbers: x22
.macro make_final_record
  stp xzr, xzr, [sp, #KERNEL_FINAL_RECORD_OFFSET]
#if KERNEL_FRAME_IS_TYPED
  mov x22, #SUREFOOT_METADATA_FINAL
  str x22, [sp, #KERNEL_FINAL_RECORD_OFFSET + SUREFOOT_METADATA_RECORD_OFFSET_TYPE]
#endif
  add x29, sp, #KERNEL_FINAL_RECORD_OFFSET
.endm

// make_exception_record: the record of a frame for which kernel code was interrupted: typed; or a plain one, for which
// the general registers are enough if it is the pair {x29, x30} among them.
//   in: sp = frame, x22 = interrupted pc   out: x29 = the record   clobbers: x22
.macro make_exception_record
#if KERNEL_FRAME_IS_TYPED
  mov x22, #SUREFOOT_METADATA_EXCEPTION
  stp xzr, xzr, [sp, #FRAME(RECORD)]
  str x22, [sp, #FRAME(RECORD) + SUREFOOT_METADATA_RECORD_OFFSET_TYPE]
#elif KERNEL_FRAME_OFFSET_RECORD != KERNEL_FRAME_OFFSET_FP
  stp x29, x22, [sp, #FRAME(RECORD)]
#endif
  add x29, sp, #FRAME(RECORD)
.endm

// enter_from_el1, enter_from_el0: from a vector, which has lowered sp, to a complete frame at sp. The interrupted sp is
// above the frame, or, where SP_EL0 was in use, in that register.
//   out: sp = the frame, x29 = its record   clobbers: x21-x23, saved before
.macro enter_from_el1 syndrome:req, was_on_sp_el0=0
  stp x0, x1, [sp, #FRAME(X0)]
  save_x2_to_lr
  .if \was_on_sp_el0 || !KERNEL_FRAME_HAS_KERNEL_SP
  mrs x21, sp_el0
  .else
  add x21, sp, #FRAME_SIZE
  .endif
  save_state \syndrome
  make_exception_record
.endm

.macro enter_from_el0 syndrome:req
  stp x0, x1, [sp, #FRAME(X0)]
  save_x2_to_lr
  mrs x21, sp_el0
  save_state \syndrome
  make_final_record
  set_shadow_call_stack
.endm

#endif  // KERNEL_EXCEPTION_MACROS_H
