// SPDX-License-Identifier: MIT
//
// The part of asm.h for exceptions: macros that save and restore the interrupted registers, with the special ranges
// that they need, and vector tables made of them. The layout of the frame is that of entry_frame.h.
//
// The order of the stores is a promise to whoever interrupts an entry: first the registers, then pc and pstate, then
// the record, and x29 points at the record last. FP and SIMD registers are not saved: kernel code that may run in a
// handler is compiled with -mgeneral-regs-only.
#ifndef SUREFOOT_ASM_EXCEPTIONS_H
#define SUREFOOT_ASM_EXCEPTIONS_H

#include "surefoot/asm.h"
#include "surefoot/entry_frame.h"

#if SUREFOOT_ENTRY_FRAME_OFFSET_LR != SUREFOOT_ENTRY_FRAME_OFFSET_FP + 8
#error "stp below stores lr right after fp"
#endif
#if SUREFOOT_ENTRY_FRAME_OFFSET_PSTATE != SUREFOOT_ENTRY_FRAME_OFFSET_PC + 8
#error "stp below stores pstate right after pc"
#endif
#if SUREFOOT_ENTRY_FRAME_HAS_SYNDROME && SUREFOOT_ENTRY_FRAME_OFFSET_FAR != SUREFOOT_ENTRY_FRAME_OFFSET_ESR + 8
#error "stp below stores far right after esr"
#endif

#define SUREFOOT_ENTRY(field) SUREFOOT_ENTRY_FRAME_OFFSET_##field
// A system register of the kernel's exception level. Two steps, so that the number is expanded first.
#define SUREFOOT_PASTE_EL(name, level) name##level
#define SUREFOOT_NAME_AT_EL(name, level) SUREFOOT_PASTE_EL(name, level)
#define SUREFOOT_AT_EL(name) SUREFOOT_NAME_AT_EL(name##_el, SUREFOOT_ENTRY_EL)

// clang-format off: it knows no assembly

/// .exception_path: begins a path of exception entry or exit, a global symbol. None is a function: nothing calls it.
.macro .exception_path name:req
  .balign 4
  .global \name
  .type \name, %function
\name:
.endm

/// .end_exception_path: ends a path that calls nothing. All of it is special.
.macro .end_exception_path name:req
.L\name\()_end:
  .size \name, . - \name
  .special_range start=\name, end=.L\name\()_end, kind=exception_entry
.endm

/// .user_exception_path: begins a path from EL0, or from a guest. The call frame information says that nothing in the
/// kernel is returned to from there.
.macro .user_exception_path name:req
  .exception_path \name
  .cfi_startproc
  .cfi_undefined x30
.endm

/// .entry_is_done: in a path that calls a handler, right behind the instruction that points x29 at the record. Up to
/// here a pc in the path says nothing about where the registers of the interrupted code are.
.macro .entry_is_done name:req
.L\name\()_entered:
  .special_range start=\name, end=.L\name\()_entered, kind=exception_entry
.endm

/// .end_kernel_exception_path: ends a path from the kernel's own level, through which x29 stays at the record. It stays
/// special, because the code that it interrupted may be anywhere. A walk goes on exactly: by the typed record; or, if
/// the record is a plain one, by the rule of this range, which says that x29 is the record of an exception frame.
///   was_on_sp_el0: 1 if the interrupted code used SP_EL0. If the frame does not hold that sp, there is no rule.
.macro .end_kernel_exception_path name:req, was_on_sp_el0=0
.L\name\()_end:
  .size \name, . - \name
  .if SUREFOOT_ENTRY_FRAME_IS_TYPED
  .special_range start=.L\name\()_entered, end=.L\name\()_end, kind=exception_entry, pc=frame_record
  .elseif \was_on_sp_el0 && !SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP
  .special_range start=.L\name\()_entered, end=.L\name\()_end, kind=exception_entry
  .else
  .special_range start=.L\name\()_entered, end=.L\name\()_end, kind=exception_entry, pc=exception_frame
  .endif
.endm

/// .end_user_exception_path: ends a path from EL0. x29 is the task's final record, and a chain that ends on it is
/// complete: the call in the path is no more special than that of a task's first function.
.macro .end_user_exception_path name:req
  .cfi_endproc
  .size \name, . - \name
.endm

/// save_x2_to_lr: x2 to x30, as they were interrupted, into the frame at sp. The caller stores x0 and x1.
.macro save_x2_to_lr
  stp x2, x3, [sp, #SUREFOOT_ENTRY(X0) + 2 * 8]
  stp x4, x5, [sp, #SUREFOOT_ENTRY(X0) + 4 * 8]
  stp x6, x7, [sp, #SUREFOOT_ENTRY(X0) + 6 * 8]
  stp x8, x9, [sp, #SUREFOOT_ENTRY(X0) + 8 * 8]
  stp x10, x11, [sp, #SUREFOOT_ENTRY(X0) + 10 * 8]
  stp x12, x13, [sp, #SUREFOOT_ENTRY(X0) + 12 * 8]
  stp x14, x15, [sp, #SUREFOOT_ENTRY(X0) + 14 * 8]
  stp x16, x17, [sp, #SUREFOOT_ENTRY(X0) + 16 * 8]
  stp x18, x19, [sp, #SUREFOOT_ENTRY(X0) + 18 * 8]
  stp x20, x21, [sp, #SUREFOOT_ENTRY(X0) + 20 * 8]
  stp x22, x23, [sp, #SUREFOOT_ENTRY(X0) + 22 * 8]
  stp x24, x25, [sp, #SUREFOOT_ENTRY(X0) + 24 * 8]
  stp x26, x27, [sp, #SUREFOOT_ENTRY(X0) + 26 * 8]
  str x28, [sp, #SUREFOOT_ENTRY(X0) + 28 * 8]
  stp x29, x30, [sp, #SUREFOOT_ENTRY(FP)]
.endm

/// save_state: all of a frame whose general registers are stored, but the record.
///   in: sp = frame, x21 = interrupted sp   out: x22 = interrupted pc   clobbers: x23
///   syndrome: 1 where ESR and FAR belong to this exception; interrupts leave them alone
.macro save_state syndrome:req
#if SUREFOOT_ENTRY_FRAME_HAS_SYNDROME
  .if \syndrome
  mrs x22, SUREFOOT_AT_EL(esr)
  mrs x23, SUREFOOT_AT_EL(far)
  stp x22, x23, [sp, #SUREFOOT_ENTRY(ESR)]
  .else
  stp xzr, xzr, [sp, #SUREFOOT_ENTRY(ESR)]
  .endif
#endif
  str x21, [sp, #SUREFOOT_ENTRY(SP)]
  mrs x22, SUREFOOT_AT_EL(elr)
  mrs x23, SUREFOOT_AT_EL(spsr)
  stp x22, x23, [sp, #SUREFOOT_ENTRY(PC)]
.endm

/// make_exception_record: the record of a frame for which kernel code was interrupted: typed; or a plain one, for which
/// the general registers are enough if it is the pair {x29, x30} among them.
///   in: sp = frame, x22 = interrupted pc   out: x29 = the record   clobbers: x22
.macro make_exception_record
#if SUREFOOT_ENTRY_FRAME_IS_TYPED
  mov x22, #SUREFOOT_METADATA_EXCEPTION
  stp xzr, xzr, [sp, #SUREFOOT_ENTRY(RECORD)]
  str x22, [sp, #SUREFOOT_ENTRY(RECORD) + SUREFOOT_METADATA_RECORD_OFFSET_TYPE]
#elif SUREFOOT_ENTRY_FRAME_OFFSET_RECORD != SUREFOOT_ENTRY_FRAME_OFFSET_FP
  stp x29, x22, [sp, #SUREFOOT_ENTRY(RECORD)]
#endif
  add x29, sp, #SUREFOOT_ENTRY(RECORD)
.endm

/// make_final_record: the task's final record, in the frame at the top of its stack.
///   in: sp = SUREFOOT_FINAL_FRAME_SIZE below the top   out: x29 = the record   clobbers: x22
.macro make_final_record
  stp xzr, xzr, [sp, #SUREFOOT_FINAL_FRAME_OFFSET_RECORD]
#if SUREFOOT_ENTRY_FRAME_IS_TYPED
  mov x22, #SUREFOOT_METADATA_FINAL
  str x22, [sp, #SUREFOOT_FINAL_FRAME_OFFSET_RECORD + SUREFOOT_METADATA_RECORD_OFFSET_TYPE]
#endif
  add x29, sp, #SUREFOOT_FINAL_FRAME_OFFSET_RECORD
.endm

/// enter_from_kernel, enter_from_user: from a vector, which has lowered sp by the size of the frame, to a complete
/// frame at sp. The interrupted sp is above the frame, or, where SP_EL0 was in use, in that register.
/// What a kernel needs before its code runs after EL0, as x18 with a value of its own, it defines as
/// SUREFOOT_ENTRY_FROM_USER before it includes asm.h: instructions that may use x21 to x23.
///   out: sp = the frame, x29 = its record   clobbers: x21-x23, saved before
.macro enter_from_kernel syndrome:req, was_on_sp_el0=0
  stp x0, x1, [sp, #SUREFOOT_ENTRY(X0)]
  save_x2_to_lr
  .if \was_on_sp_el0 || !SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP
  mrs x21, sp_el0
  .else
  add x21, sp, #SUREFOOT_ENTRY_FRAME_SIZE
  .endif
  save_state \syndrome
  make_exception_record
.endm

.macro enter_from_user syndrome:req
  stp x0, x1, [sp, #SUREFOOT_ENTRY(X0)]
  save_x2_to_lr
  mrs x21, sp_el0
  save_state \syndrome
  make_final_record
#ifdef SUREFOOT_ENTRY_FROM_USER
  SUREFOOT_ENTRY_FROM_USER
#endif
.endm

/// load_return_state: pc and pstate of the frame at sp, to where ERET takes them from. First of all D, A, I, F are
/// masked: an exception from here on would overwrite ELR and SPSR.
///   out: x0 = the frame   clobbers: x1
.macro load_return_state
  msr daifset, #0xf
  ldp x0, x1, [sp, #SUREFOOT_ENTRY(PC)]
  msr SUREFOOT_AT_EL(elr), x0
  msr SUREFOOT_AT_EL(spsr), x1
  mov x0, sp
.endm

/// restore_registers: x2 to x30 from the frame at x0; then x0 and x1. A pair may be loaded over its own base, as
/// nothing is written back to the base.
.macro restore_registers
  ldp x2, x3, [x0, #SUREFOOT_ENTRY(X0) + 2 * 8]
  ldp x4, x5, [x0, #SUREFOOT_ENTRY(X0) + 4 * 8]
  ldp x6, x7, [x0, #SUREFOOT_ENTRY(X0) + 6 * 8]
  ldp x8, x9, [x0, #SUREFOOT_ENTRY(X0) + 8 * 8]
  ldp x10, x11, [x0, #SUREFOOT_ENTRY(X0) + 10 * 8]
  ldp x12, x13, [x0, #SUREFOOT_ENTRY(X0) + 12 * 8]
  ldp x14, x15, [x0, #SUREFOOT_ENTRY(X0) + 14 * 8]
  ldp x16, x17, [x0, #SUREFOOT_ENTRY(X0) + 16 * 8]
  ldp x18, x19, [x0, #SUREFOOT_ENTRY(X0) + 18 * 8]
  ldp x20, x21, [x0, #SUREFOOT_ENTRY(X0) + 20 * 8]
  ldp x22, x23, [x0, #SUREFOOT_ENTRY(X0) + 22 * 8]
  ldp x24, x25, [x0, #SUREFOOT_ENTRY(X0) + 24 * 8]
  ldp x26, x27, [x0, #SUREFOOT_ENTRY(X0) + 26 * 8]
  ldr x28, [x0, #SUREFOOT_ENTRY(X0) + 28 * 8]
  ldp x29, x30, [x0, #SUREFOOT_ENTRY(FP)]
  ldp x0, x1, [x0, #SUREFOOT_ENTRY(X0)]
.endm

/// exception_exit_to_kernel: the path `name`, which returns to the kernel's own level. sp comes from the frame, so that
/// it may lead to another stack, and a handler may change it. If the frame does not hold it, it is the frame's end.
///   in: sp = frame
.macro exception_exit_to_kernel name:req
.exception_path \name
  load_return_state
#if SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP
  ldr x1, [x0, #SUREFOOT_ENTRY(SP)]
#else
  add x1, x0, #SUREFOOT_ENTRY_FRAME_SIZE
#endif
  mov sp, x1                       // the frame is below sp now; nothing can be taken that would overwrite it
  restore_registers
  eret
.end_exception_path \name
.endm

/// exception_exit_to_user: the path `name`, which returns to EL0. sp goes back to where the frame of an exception from
/// there ends.
///   in: sp = frame
.macro exception_exit_to_user name:req
.exception_path \name
  load_return_state
  ldr x1, [x0, #SUREFOOT_ENTRY(SP)]
  msr sp_el0, x1
  add sp, sp, #SUREFOOT_ENTRY_FRAME_SIZE
  restore_registers
  eret
.end_exception_path \name
.endm

/// call_handler: calls handler(frame, number) on the present stack. Without a number, x1 is not set.
///   in: sp = frame   clobbers: what calls do   unwindable: x29 is the record
.macro call_handler handler:req, number
  mov x0, sp
  .ifnb \number
  mov x1, #\number
  .endif
  bl \handler
.endm

/// kernel_exception, user_exception: whole paths from a vector to a handler and on to `exit`, a path. Without an exit
/// the handler must not return; a BRK behind the call keeps its return address in this path.
.macro kernel_exception name:req, handler:req, syndrome:req, number, exit, was_on_sp_el0=0
.exception_path \name
  enter_from_kernel \syndrome, \was_on_sp_el0
.entry_is_done \name
  call_handler \handler, \number
  .ifnb \exit
  b \exit
  .else
  brk #0
  .endif
.end_kernel_exception_path \name, \was_on_sp_el0
.endm

.macro user_exception name:req, handler:req, syndrome:req, number, exit
.user_exception_path \name
  enter_from_user \syndrome
.entry_is_done \name
  call_handler \handler, \number
  .ifnb \exit
  b \exit
  .else
  brk #0
  .endif
.end_user_exception_path \name
.endm

/// .vector_table, .end_vector_table: the bounds of a vector table, which is special throughout. In between come its 16
/// entries, each begun by .vector, in the architecture's order [arm-arm D1.3, "Exception vectors"].
.macro .vector_table name:req
  .balign 2048                     // the low bits of VBAR_ELx are zero [arm-arm, VBAR_EL1]
  .global \name
  .type \name, %object
\name:
.endm

.macro .end_vector_table name:req
  .org \name + 16 * 128            // refused by the assembler if an entry has more than 32 instructions
.L\name\()_end:
  .size \name, . - \name
  .special_range start=\name, end=.L\name\()_end, kind=exception_entry
.endm

/// .vector, .end_vector: one entry.
.macro .vector name:req
  .balign 128
  .type \name, %function
\name:
.endm

.macro .end_vector name:req
  .size \name, . - \name
.endm

/// vector_to: a whole entry that makes room for the frame on the stack in use, and goes on at `path`. It does not look
/// whether there is room: with a stack that has overflowed into a guard page, an exception would be taken for ever. A
/// kernel that has guard pages writes an entry that looks first.
.macro vector_to name:req, path:req
.vector \name
  sub sp, sp, #SUREFOOT_ENTRY_FRAME_SIZE
  b \path
.end_vector \name
.endm

/// exception_vectors: all that a kernel without guard pages needs: the vector table `name`, for VBAR_ELx, its paths
/// (NAME_el1h_irq and so on) and the exits NAME_to_kernel and NAME_to_user, in the current section. A handler is a C
/// function, void handler(struct surefoot_exception_frame*, uint64_t number), and runs with interrupts masked on the
/// stack in use; from EL0, on the task's stack, whose top is in SP_ELx whenever EL0 runs. `number` counts the entries
/// of the table, from 0.
///   sync, irq, fiq, serror: handlers of exceptions from the kernel's own level
///   user_sync, user_irq: handlers of exceptions from EL0 in AArch64
///   unexpected: the handler of all others, and of those that are not named. It must not return.
.macro exception_vectors name:req, unexpected:req, sync, irq, fiq, serror, user_sync, user_irq
.vector_table \name
  .irp entry, el1t_sync,el1t_irq,el1t_fiq,el1t_serror, el1h_sync,el1h_irq,el1h_fiq,el1h_serror, \
      el0_64_sync,el0_64_irq,el0_64_fiq,el0_64_serror, el0_32_sync,el0_32_irq,el0_32_fiq,el0_32_serror
  vector_to \name\()_vector_\entry, \name\()_\entry
  .endr
.end_vector_table \name
  kernel_exception \name\()_el1t_sync, \unexpected, 1, 0, was_on_sp_el0=1
  kernel_exception \name\()_el1t_irq, \unexpected, 0, 1, was_on_sp_el0=1
  kernel_exception \name\()_el1t_fiq, \unexpected, 0, 2, was_on_sp_el0=1
  kernel_exception \name\()_el1t_serror, \unexpected, 1, 3, was_on_sp_el0=1
  kernel_exception_or_unexpected \name, el1h_sync, 1, 4, \unexpected, \sync
  kernel_exception_or_unexpected \name, el1h_irq, 0, 5, \unexpected, \irq
  kernel_exception_or_unexpected \name, el1h_fiq, 0, 6, \unexpected, \fiq
  kernel_exception_or_unexpected \name, el1h_serror, 1, 7, \unexpected, \serror
  user_exception_or_unexpected \name, el0_64_sync, 1, 8, \unexpected, \user_sync
  user_exception_or_unexpected \name, el0_64_irq, 0, 9, \unexpected, \user_irq
  user_exception \name\()_el0_64_fiq, \unexpected, 0, 10
  user_exception \name\()_el0_64_serror, \unexpected, 1, 11
  user_exception \name\()_el0_32_sync, \unexpected, 1, 12
  user_exception \name\()_el0_32_irq, \unexpected, 0, 13
  user_exception \name\()_el0_32_fiq, \unexpected, 0, 14
  user_exception \name\()_el0_32_serror, \unexpected, 1, 15
  exception_exit_to_kernel \name\()_to_kernel
  exception_exit_to_user \name\()_to_user
.endm

.macro kernel_exception_or_unexpected name:req, entry:req, syndrome:req, number:req, unexpected:req, handler
  .ifnb \handler
  kernel_exception \name\()_\entry, \handler, \syndrome, \number, \name\()_to_kernel
  .else
  kernel_exception \name\()_\entry, \unexpected, \syndrome, \number
  .endif
.endm

.macro user_exception_or_unexpected name:req, entry:req, syndrome:req, number:req, unexpected:req, handler
  .ifnb \handler
  user_exception \name\()_\entry, \handler, \syndrome, \number, \name\()_to_user
  .else
  user_exception \name\()_\entry, \unexpected, \syndrome, \number
  .endif
.endm

#endif  // SUREFOOT_ASM_EXCEPTIONS_H
