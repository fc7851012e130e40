// SPDX-License-Identifier: MIT
//
// What the two halves of this kernel know of each other.
#pragma once

#include <surefoot/entry_frame.h>
#include <surefoot/surefoot.h>

extern const struct surefoot_sink console;
void print(const char* text);

// walks.c
void describe_kernel(const struct surefoot_stack* boot_stack);
void show_walk(const char* title, struct surefoot_start start, const struct surefoot_stack* stack);
