// SPDX-License-Identifier: MIT
//
// Numbers of the vectors that have no handler, in the order of the table; shared by the entry paths and the panic that
// names them.
#ifndef KERNEL_EXCEPTION_NUMBERS_H
#define KERNEL_EXCEPTION_NUMBERS_H

#define EXCEPTION_EL1T_SYNC 0
#define EXCEPTION_EL1T_IRQ 1
#define EXCEPTION_EL1T_FIQ 2
#define EXCEPTION_EL1T_ERROR 3
#define EXCEPTION_EL1H_FIQ 6
#define EXCEPTION_EL1H_ERROR 7
#define EXCEPTION_EL0_64_FIQ 10
#define EXCEPTION_EL0_64_ERROR 11
#define EXCEPTION_EL0_32_SYNC 12
#define EXCEPTION_EL0_32_IRQ 13
#define EXCEPTION_EL0_32_FIQ 14
#define EXCEPTION_EL0_32_ERROR 15

#endif  // KERNEL_EXCEPTION_NUMBERS_H
