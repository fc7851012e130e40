// SPDX-License-Identifier: MIT
//
// The four functions that compilers call by themselves. By volatile accesses, so that none is made a call of itself.
#include <stddef.h>

void* memset(void* at, int value, size_t size) {
  volatile unsigned char* bytes = at;
  for (size_t i = 0; i < size; ++i) bytes[i] = (unsigned char)value;
  return at;
}

void* memcpy(void* to, const void* from, size_t size) {
  volatile unsigned char* out = to;
  const volatile unsigned char* in = from;
  for (size_t i = 0; i < size; ++i) out[i] = in[i];
  return to;
}

void* memmove(void* to, const void* from, size_t size) {
  volatile unsigned char* out = to;
  const volatile unsigned char* in = from;
  if (out < in) return memcpy(to, from, size);
  for (size_t i = size; i > 0; --i) out[i - 1] = in[i - 1];
  return to;
}

int memcmp(const void* left, const void* right, size_t size) {
  const volatile unsigned char* a = left;
  const volatile unsigned char* b = right;
  for (size_t i = 0; i < size; ++i) {
    const int difference = a[i] - b[i];
    if (difference != 0) return difference;
  }
  return 0;
}
