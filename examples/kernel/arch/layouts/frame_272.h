// SPDX-License-Identifier: MIT
//
// A frame of 34 words, as small kernels have it: x0 to x30, pc, pstate and sp_el0. The interrupted sp of the kernel is
// not in it: it is the end of the frame. The record is the pair {x29, x30}, which is a plain one, so that a task's
// final record lies above the frame of an exception from EL0.
#ifndef KERNEL_LAYOUT_FRAME_272_H
#define KERNEL_LAYOUT_FRAME_272_H

#define SUREFOOT_ENTRY_FRAME_SIZE 272
#define SUREFOOT_ENTRY_FRAME_OFFSET_X0 0
#define SUREFOOT_ENTRY_FRAME_OFFSET_FP 232
#define SUREFOOT_ENTRY_FRAME_OFFSET_LR 240
#define SUREFOOT_ENTRY_FRAME_OFFSET_SP 264
#define SUREFOOT_ENTRY_FRAME_OFFSET_PC 248
#define SUREFOOT_ENTRY_FRAME_OFFSET_PSTATE 256
#define SUREFOOT_ENTRY_FRAME_OFFSET_RECORD 232
#define SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP 0
#define SUREFOOT_ENTRY_FRAME_HAS_SYNDROME 0
#define SUREFOOT_ENTRY_FRAME_IS_TYPED 0

#endif  // KERNEL_LAYOUT_FRAME_272_H
