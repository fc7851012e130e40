// SPDX-License-Identifier: MIT
//
// Dictated by Linux 6.1: where its pt_regs has the interrupted registers and the record, which is a plain one, a copy
// of {x29, pc}. What else pt_regs holds, this kernel has no use for, and leaves unwritten.
#ifndef KERNEL_LAYOUT_PT_REGS_6_1_H
#define KERNEL_LAYOUT_PT_REGS_6_1_H

#define SUREFOOT_ENTRY_FRAME_SIZE 336
#define SUREFOOT_ENTRY_FRAME_OFFSET_X0 0
#define SUREFOOT_ENTRY_FRAME_OFFSET_FP 232
#define SUREFOOT_ENTRY_FRAME_OFFSET_LR 240
#define SUREFOOT_ENTRY_FRAME_OFFSET_SP 248
#define SUREFOOT_ENTRY_FRAME_OFFSET_PC 256
#define SUREFOOT_ENTRY_FRAME_OFFSET_PSTATE 264
#define SUREFOOT_ENTRY_FRAME_OFFSET_RECORD 304
#define SUREFOOT_ENTRY_FRAME_HAS_KERNEL_SP 1
#define SUREFOOT_ENTRY_FRAME_HAS_SYNDROME 0
#define SUREFOOT_ENTRY_FRAME_IS_TYPED 0

#endif  // KERNEL_LAYOUT_PT_REGS_6_1_H
