// SPDX-License-Identifier: MIT
//
// What the two halves of this kernel know of each other.
#pragma once

#include <surefoot/entry_frame.h>
#include <surefoot/surefoot.h>

void print(const char* text);
void print_text(const char* text, size_t size);

// walks.c
void describe_kernel(void);
void show_walk(const char* title, struct surefoot_start start, const struct surefoot_stack* stack);
