// SPDX-License-Identifier: MIT
//
// The frame in which exception entry saves the interrupted registers; for assembly too, and before surefoot/asm.h. One
// of several layouts, which the build chooses by a definition: the code of the kernel is the same for all of them.
// Without a definition it is ExceptionFrame.
#ifndef KERNEL_EXCEPTION_FRAME_H
#define KERNEL_EXCEPTION_FRAME_H

#include "arch/level.h"

#if defined(KERNEL_LAYOUT_FRAME_272)
#include "arch/layouts/frame_272.h"
#elif defined(KERNEL_LAYOUT_PT_REGS_6_1)
#include "arch/layouts/pt_regs_6_1.h"
#elif defined(KERNEL_LAYOUT_PT_REGS_6_13)
#include "arch/layouts/pt_regs_6_13.h"
#endif

#include "surefoot/entry_frame.h"

#endif  // KERNEL_EXCEPTION_FRAME_H
