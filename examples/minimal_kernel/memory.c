// SPDX-License-Identifier: MIT
//
// What compilers call by themselves, compiled with -fno-builtin: no loop becomes a call of the function that it is in.
#include <stddef.h>

void* memmove(void* to, const void* from, size_t size) {
  char* out = to;
  const char* in = from;
  if (out <= in)
    for (size_t i = 0; i < size; ++i) out[i] = in[i];
  else
    for (size_t i = size; i-- != 0;) out[i] = in[i];
  return to;
}

void* memcpy(void* to, const void* from, size_t size) { return memmove(to, from, size); }

void* memset(void* to, int value, size_t size) {
  for (size_t i = 0; i < size; ++i) ((char*)to)[i] = (char)value;
  return to;
}

int memcmp(const void* left, const void* right, size_t size) {
  const unsigned char *a = left, *b = right;
  while (size != 0 && *a == *b) ++a, ++b, --size;
  return size == 0 ? 0 : *a - *b;
}
