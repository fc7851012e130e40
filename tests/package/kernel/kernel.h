// SPDX-License-Identifier: MIT
//
// What start.S and kernel.ld give to main.c and main.cpp.
#ifndef KERNEL_H
#define KERNEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

extern const char text_start[];
extern const char text_end[];
extern const char stack_start[];
extern const char stack_end[];

void console_write(void* unused, const char* text, size_t size);

/// Called by _start, with the address of the final record. Returns the exit code: 0 if the trace is what it should be.
int kernel_main(uint64_t final_record_at);

#ifdef __cplusplus
}
#endif

/// How many functions the walk is to find: inner, middle, kernel_main, _start.
enum { expected_frames = 4 };

/// Between a call and the return: the call is no tail call then.
#define NOT_A_TAIL_CALL() __asm__ volatile("" ::: "memory")

#endif  // KERNEL_H
