// SPDX-License-Identifier: MIT
//
// The frame in which exception entry saves the interrupted registers; for assembly too. One of several layouts, which
// the build chooses by a definition: the code of the kernel is the same for all of them. A layout says:
//
//   KERNEL_FRAME_SIZE              a multiple of 16
//   KERNEL_FRAME_OFFSET_X0 ...     where x0 to x28, x29 (FP), x30 (LR), pc (ELR_EL1) and pstate (SPSR_EL1) are
//   KERNEL_FRAME_OFFSET_SP         sp of EL0, and, with KERNEL_FRAME_HAS_KERNEL_SP, that of interrupted kernel code.
//                                  Without, the frame ends where that is
//   KERNEL_FRAME_OFFSET_ESR, _FAR  with KERNEL_FRAME_HAS_SYNDROME
//   KERNEL_FRAME_OFFSET_RECORD     where x29 points while the handler is called
//   KERNEL_FRAME_IS_TYPED          that record is {0, 0, type}; else it is a plain one, and final records are {0, 0}
#ifndef KERNEL_EXCEPTION_FRAME_H
#define KERNEL_EXCEPTION_FRAME_H

#include "arch/level.h"

#if defined(KERNEL_LAYOUT_FRAME_272)
#include "arch/layouts/frame_272.h"
#elif defined(KERNEL_LAYOUT_PT_REGS_6_1)
#include "arch/layouts/pt_regs_6_1.h"
#elif defined(KERNEL_LAYOUT_PT_REGS_6_13)
#include "arch/layouts/pt_regs_6_13.h"
#else
#include "arch/layouts/surefoot.h"
#endif

// A task's final record: the record of the frame at the top of its stack, where an exception from EL0 lays its frame;
// or, if that record is a pair of interrupted registers, one above the frame. From the frame's lowest address.
#if KERNEL_FRAME_OFFSET_RECORD == KERNEL_FRAME_OFFSET_FP
#define KERNEL_FINAL_RECORD_OFFSET KERNEL_FRAME_SIZE
#define KERNEL_FINAL_FRAME_SIZE (KERNEL_FRAME_SIZE + 16)
#else
#define KERNEL_FINAL_RECORD_OFFSET KERNEL_FRAME_OFFSET_RECORD
#define KERNEL_FINAL_FRAME_SIZE KERNEL_FRAME_SIZE
#endif

#endif  // KERNEL_EXCEPTION_FRAME_H
