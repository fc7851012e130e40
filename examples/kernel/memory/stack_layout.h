// SPDX-License-Identifier: MIT
//
// How the kernel's stacks lie in memory; for assembly too. All stacks have one size and lie in slots, one after the
// other. The lower half of a slot is never mapped, the upper half is the stack. So every stack has unmapped memory on
// both sides, and the bit of value KERNEL_STACK_SIZE in an address says whether it is in a stack (1) or below one (0).
// Exception entry relies on that: it has to tell before it may store a single register.
#ifndef KERNEL_STACK_LAYOUT_H
#define KERNEL_STACK_LAYOUT_H

#define KERNEL_STACK_SHIFT 15
#define KERNEL_STACK_SIZE (1 << KERNEL_STACK_SHIFT)
#define KERNEL_STACK_SLOT_SHIFT (KERNEL_STACK_SHIFT + 1)
#define KERNEL_STACK_SLOT_SIZE (1 << KERNEL_STACK_SLOT_SHIFT)

// The tasks' slots come first, so that one comparison tells a task's stack from the others. Then an IRQ stack for each
// CPU, and an overflow stack for each, in the order of their numbers (arch/cpu.hpp).
// An image with more tasks says so to the compiler.
#ifndef KERNEL_TASK_COUNT
#define KERNEL_TASK_COUNT 32
#endif
#define KERNEL_CPU_BITS 3
#define KERNEL_CPU_COUNT (1 << KERNEL_CPU_BITS)
#define KERNEL_STACK_SLOT_IRQ KERNEL_TASK_COUNT
#define KERNEL_STACK_SLOT_OVERFLOW (KERNEL_STACK_SLOT_IRQ + KERNEL_CPU_COUNT)
#define KERNEL_STACK_SLOT_COUNT (KERNEL_STACK_SLOT_OVERFLOW + KERNEL_CPU_COUNT)

#define KERNEL_STACKS_SIZE (KERNEL_STACK_SLOT_COUNT * KERNEL_STACK_SLOT_SIZE)

// Offsets from __kernel_stacks_start: the lowest address of a slot, and the address above its stack.
#define KERNEL_STACK_SLOT_OFFSET(slot) ((slot) * KERNEL_STACK_SLOT_SIZE)
#define KERNEL_STACK_TOP_OFFSET(slot) (((slot) + 1) * KERNEL_STACK_SLOT_SIZE)

#endif  // KERNEL_STACK_LAYOUT_H
