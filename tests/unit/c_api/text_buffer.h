// SPDX-License-Identifier: MIT
//
// What a test prints into: a sink's object, and its function.
#ifndef SUREFOOT_TESTS_UNIT_C_API_TEXT_BUFFER_H
#define SUREFOOT_TESTS_UNIT_C_API_TEXT_BUFFER_H

#include <stddef.h>
#include <string.h>

struct text_buffer {
  char text[4096];
  size_t size;
};

// `object` is a struct text_buffer, or begins with one. What has no room is left out.
static inline void append(void* object, const char* text, size_t size) {
  struct text_buffer* buffer = object;
  if (size > sizeof buffer->text - 1 - buffer->size) return;
  memcpy(buffer->text + buffer->size, text, size);
  buffer->size += size;
  buffer->text[buffer->size] = 0;
}

#endif  // SUREFOOT_TESTS_UNIT_C_API_TEXT_BUFFER_H
