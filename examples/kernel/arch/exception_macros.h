// SPDX-License-Identifier: MIT
//
// Exception entry and exit by Surefoot's macros, with the frame that this kernel has, and this kernel's CPUs.
#ifndef KERNEL_EXCEPTION_MACROS_H
#define KERNEL_EXCEPTION_MACROS_H

#include "arch/exception_frame.h"
#include "memory/shadow_call_stacks.h"
#include "memory/stack_layout.h"

#define SUREFOOT_ENTRY_FROM_USER set_shadow_call_stack
#include "surefoot/asm.h"

// clang-format off: it knows no assembly

// cpu_times_slot: the number of this CPU (arch/cpu.hpp) times the size of a stack's slot.
.macro cpu_times_slot register:req
  mrs \register, mpidr_el1
  ubfiz \register, \register, #KERNEL_STACK_SLOT_SHIFT, #KERNEL_CPU_BITS
.endm

#endif  // KERNEL_EXCEPTION_MACROS_H
