// SPDX-License-Identifier: MIT
//
// The exception level at which the kernel runs; for assembly too. EL1 by default. With KERNEL_AT_EL2 it is EL2 with the
// registers of its own level, without VHE: what is below is a guest at EL1. With KERNEL_AT_EL2_VHE it is EL2 with VHE,
// where the names of EL1's registers lead to those of EL2, and what is below is a task at EL0.
#ifndef KERNEL_LEVEL_H
#define KERNEL_LEVEL_H

#if defined(KERNEL_AT_EL2)

// In C++, the end of a register's name.
#define KERNEL_LEVEL "_el2"

#define SUREFOOT_ENTRY_EL 2

// In assembly, what VHE does; for exception entry, surefoot/asm.h knows the level.
#ifdef __ASSEMBLER__
#define elr_el1 elr_el2
#define sctlr_el1 sctlr_el2
#define spsr_el1 spsr_el2
#define vbar_el1 vbar_el2
#endif

#else
#define KERNEL_LEVEL "_el1"
#endif

// PSTATE.M of the kernel, with its own sp, and the bits of it of which one is set in the kernel and none below
// [arm-arm, SPSR_EL1, SPSR_EL2].
#if defined(KERNEL_AT_EL2) || defined(KERNEL_AT_EL2_VHE)
#define KERNEL_STAYS_AT_EL2 1
#define KERNEL_PSTATE_MODE 9
#define KERNEL_PSTATE_OF_KERNEL 8
#else
#define KERNEL_STAYS_AT_EL2 0
#define KERNEL_PSTATE_MODE 5
#define KERNEL_PSTATE_OF_KERNEL 0xf
#endif

#endif  // KERNEL_LEVEL_H
