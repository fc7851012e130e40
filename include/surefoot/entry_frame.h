// SPDX-License-Identifier: MIT
//
// The frame that the macros of asm.h make at an exception, as numbers that assembly, C and C++ share. Without any
// definition it is ExceptionFrame (records.hpp). A kernel that has a frame of its own defines SUREFOOT_ENTRY_FRAME_SIZE
// and everything below it before it includes this header or asm.h, and describes the same numbers to walks
// (exception_layout.hpp).
#ifndef SUREFOOT_ENTRY_FRAME_H
#define SUREFOOT_ENTRY_FRAME_H

#include "surefoot/layout.h"

/// The exception level that the kernel runs at: 1, or 2 for a hypervisor. A kernel at EL2 with VHE may take either.
#ifndef SUREFOOT_ENTRY_EL
#define SUREFOOT_ENTRY_EL 1
#endif

#ifndef SUREFOOT_ENTRY_FRAME_SIZE
/// Bytes, a multiple of 16.
#define SUREFOOT_ENTRY_FRAME_SIZE SUREFOOT_EXCEPTION_FRAME_SIZE
/// x0 to x28, one after the other; x29 and x30; ELR_ELx and SPSR_ELx. LR follows FP, and PSTATE follows PC.
#define SUREFOOT_ENTRY_FRAME_OFFSET_X0 SUREFOOT_EXCEPTION_FRAME_OFFSET_X0
#define SUREFOOT_ENTRY_FRAME_OFFSET_FP SUREFOOT_EXCEPTION_FRAME_OFFSET_FP
#define SUREFOOT_ENTRY_FRAME_OFFSET_LR SUREFOOT_EXCEPTION_FRAME_OFFSET_LR
#define SUREFOOT_ENTRY_FRAME_OFFSET_PC SUREFOOT_EXCEPTION_FRAME_OFFSET_PC
#define SUREFOOT_ENTRY_FRAME_OFFSET_PSTATE SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE
/// The sp of EL0, and, with HAS_KERNEL_SP, that of interrupted kernel code. Without, the frame ends where that was.
#define SUREFOOT_ENTRY_FRAME_OFFSET_SP SUREFOOT_EXCEPTION_FRAME_OFFSET_SP
#define SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP 1
/// With HAS_SYNDROME, ESR_ELx and FAR_ELx. FAR follows ESR.
#define SUREFOOT_ENTRY_FRAME_OFFSET_ESR SUREFOOT_EXCEPTION_FRAME_OFFSET_ESR
#define SUREFOOT_ENTRY_FRAME_OFFSET_FAR SUREFOOT_EXCEPTION_FRAME_OFFSET_FAR
#define SUREFOOT_ENTRY_FRAME_HAS_SYNDROME 1
/// The record to which x29 points while the handler is called. With IS_TYPED it is {0, 0, type}. Without, it is a plain
/// one, {x29, pc} or the pair of x29 and x30 itself, and final records are {0, 0}.
#define SUREFOOT_ENTRY_FRAME_OFFSET_RECORD SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD
#define SUREFOOT_ENTRY_FRAME_IS_TYPED 1
#endif

/// A task's final record, from the lowest address of the frame at the top of its stack: an exception from EL0 makes its
/// frame there. It is the record of that frame; or, if that record is a pair of interrupted registers, it lies above.
#if SUREFOOT_ENTRY_FRAME_OFFSET_RECORD == SUREFOOT_ENTRY_FRAME_OFFSET_FP
#define SUREFOOT_FINAL_FRAME_OFFSET_RECORD SUREFOOT_ENTRY_FRAME_SIZE
#define SUREFOOT_FINAL_FRAME_SIZE (SUREFOOT_ENTRY_FRAME_SIZE + SUREFOOT_FRAME_RECORD_SIZE)
#else
#define SUREFOOT_FINAL_FRAME_OFFSET_RECORD SUREFOOT_ENTRY_FRAME_OFFSET_RECORD
#define SUREFOOT_FINAL_FRAME_SIZE SUREFOOT_ENTRY_FRAME_SIZE
#endif

/// The same from the top of the stack, downwards: the final record of a stack that ends at `top` is at `top` minus
/// this. Its task begins with x29 there and sp not above it.
#define SUREFOOT_FINAL_RECORD_BELOW_TOP (SUREFOOT_FINAL_FRAME_SIZE - SUREFOOT_FINAL_FRAME_OFFSET_RECORD)

#endif  // SUREFOOT_ENTRY_FRAME_H
