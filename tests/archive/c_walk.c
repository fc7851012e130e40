// SPDX-License-Identifier: MIT
//
// The least that a kernel in C can do: it walks from where it is. Linked without surefoot::print.
#include "surefoot/surefoot.h"

// What compilers call without being told.
void* memcpy(void* to, const void* from, size_t size) {
  volatile char* out = to;
  for (const char* in = from; size > 0; --size) *out++ = *in++;
  return to;
}
void* memset(void* at, int value, size_t size) {
  volatile char* out = at;
  for (; size > 0; --size) *out++ = (char)value;
  return at;
}

// Not made: a walk finds frames, and does not trust them.
static struct surefoot_kernel kernel;
static struct surefoot_task task;

int main(void) {
  struct surefoot_frame frames[8];
  return surefoot_walk_here(&kernel, &task, frames, 8).verdict.is_reliable;
}
