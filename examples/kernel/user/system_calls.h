// SPDX-License-Identifier: MIT
//
// Numbers of the SVC instructions.
#ifndef KERNEL_SYSTEM_CALLS_H
#define KERNEL_SYSTEM_CALLS_H

#define SYSTEM_CALL_HELLO 1
#define SYSTEM_CALL_EXIT 2

#endif  // KERNEL_SYSTEM_CALLS_H
