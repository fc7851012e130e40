// SPDX-License-Identifier: MIT
//
// Room for all stacks and for the one page of stack that EL0 uses. Not part of .bss: a stack need not be cleared.
#include "memory/shadow_call_stacks.h"
#include "memory/stack_layout.h"

  .section .stacks, "aw", %nobits
  .space KERNEL_STACKS_SIZE

#ifdef KERNEL_HAS_SHADOW_CALL_STACK
  .section .bss.shadow_call_stacks, "aw", %nobits
  .balign 4096
  .global kernel_shadow_call_stacks
kernel_shadow_call_stacks:
  .space KERNEL_TASK_COUNT * KERNEL_SHADOW_CALL_STACK_SIZE
#endif

  .section .user_stack, "aw", %nobits
  .space 4096
