// SPDX-License-Identifier: MIT
//
// The least that a program can do with the library: walk a task that has no stack.
#include <array>

#include "surefoot/surefoot.hpp"

#if defined(FOUND_MAJOR) && (FOUND_MAJOR != SUREFOOT_VERSION_MAJOR || FOUND_MINOR != SUREFOOT_VERSION_MINOR || \
                             FOUND_PATCH != SUREFOOT_VERSION_PATCH)
#error "the package and its headers are of different versions"
#endif

// What compilers call without being told, for a program without a C library. Weak: a hosted one has its own.
extern "C" [[gnu::weak]] void* memset(void* at, int value, decltype(sizeof 0) size) {
  auto* bytes = static_cast<volatile unsigned char*>(at);
  for (decltype(sizeof 0) i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(value);
  return at;
}
extern "C" [[gnu::weak]] void* memcpy(void* to, const void* from, decltype(sizeof 0) size) {
  auto* out = static_cast<volatile unsigned char*>(to);
  const auto* in = static_cast<const volatile unsigned char*>(from);
  for (decltype(sizeof 0) i = 0; i < size; ++i) out[i] = in[i];
  return to;
}

int main() {
  std::array<surefoot::Frame, 8> frames;
  const surefoot::CodeMap code;
  const auto kernel = surefoot::Kernel::make({.code = &code});
  if (!kernel) return 2;
  const surefoot::Trace trace = surefoot::walk(surefoot::Start::no_stack(), *kernel, {}, frames);
  return trace.verdict.is_reliable() && trace.frames.empty() ? 0 : 1;
}
