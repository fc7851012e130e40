// SPDX-License-Identifier: MIT
//
// A shadow call stack for each task, which grows up, and whose end is in x18 [aapcs64 §6.1.1, the platform register].
// With KERNEL_HAS_SHADOW_CALL_STACK, for code that is compiled with -fsanitize=shadow-call-stack; for assembly too.
// Exceptions go on with that of the task that they interrupt, whatever stack their handlers are on.
#ifndef KERNEL_SHADOW_CALL_STACKS_H
#define KERNEL_SHADOW_CALL_STACKS_H

#include "memory/stack_layout.h"

#define KERNEL_SHADOW_CALL_STACK_SHIFT 12
#define KERNEL_SHADOW_CALL_STACK_SIZE (1 << KERNEL_SHADOW_CALL_STACK_SHIFT)

#ifdef __ASSEMBLER__

// clang-format off: it knows no assembly

// set_shadow_call_stack: an empty one, of the task on whose stack sp is: where nothing of the kernel was interrupted.
//   in: sp   out: x18   clobbers: x22
.macro set_shadow_call_stack
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
  adrp x18, __kernel_stacks_start
  sub x22, sp, x18
  lsr x22, x22, #KERNEL_STACK_SLOT_SHIFT
  adrp x18, kernel_shadow_call_stacks
  add x18, x18, x22, lsl #KERNEL_SHADOW_CALL_STACK_SHIFT
#endif
.endm

#endif

#endif  // KERNEL_SHADOW_CALL_STACKS_H
