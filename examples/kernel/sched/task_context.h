// SPDX-License-Identifier: MIT
//
// Layout of TaskContext (task.hpp) for switch.S: what a task that is off the CPU has to get back. The callee-saved
// registers of AAPCS64 are enough, since the switch is a call [aapcs64 §6.1.1]; and x18, if it is a shadow call stack.
#ifndef KERNEL_TASK_CONTEXT_H
#define KERNEL_TASK_CONTEXT_H

#include "surefoot/layout.h"

#define KERNEL_TASK_CONTEXT_OFFSET_X19 0
#define KERNEL_TASK_CONTEXT_OFFSET_X18 (10 * 8)
#define KERNEL_TASK_CONTEXT_OFFSET_REGISTERS (11 * 8)
#define KERNEL_TASK_CONTEXT_OFFSET_FP (KERNEL_TASK_CONTEXT_OFFSET_REGISTERS + SUREFOOT_REGISTERS_OFFSET_FP)
#define KERNEL_TASK_CONTEXT_OFFSET_SP (KERNEL_TASK_CONTEXT_OFFSET_REGISTERS + SUREFOOT_REGISTERS_OFFSET_SP)
#define KERNEL_TASK_CONTEXT_OFFSET_PC (KERNEL_TASK_CONTEXT_OFFSET_REGISTERS + SUREFOOT_REGISTERS_OFFSET_PC)

#endif  // KERNEL_TASK_CONTEXT_H
