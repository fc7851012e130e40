// SPDX-License-Identifier: MIT
//
// Room for all stacks and for the one page of stack that EL0 uses. Not part of .bss: a stack need not be cleared.
#include "memory/stack_layout.h"

  .section .stacks, "aw", %nobits
  .space KERNEL_STACKS_SIZE

  .section .user_stack, "aw", %nobits
  .space 4096
