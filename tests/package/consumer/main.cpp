// SPDX-License-Identifier: MIT
//
// The least that a program can do with the library: walk a task that has no stack.
#include <array>

#include "surefoot/surefoot.hpp"

#if defined(FOUND_MAJOR) && (FOUND_MAJOR != SUREFOOT_VERSION_MAJOR || FOUND_MINOR != SUREFOOT_VERSION_MINOR || \
                             FOUND_PATCH != SUREFOOT_VERSION_PATCH)
#error "the package and its headers are of different versions"
#endif

int main() {
  std::array<surefoot::Frame, 8> frames;
  const surefoot::CodeMap code;
  const auto kernel = surefoot::Kernel::make({.code = &code});
  if (!kernel) return 2;
  const surefoot::Trace trace = surefoot::walk(surefoot::Start::no_stack(), *kernel, {}, frames);
  return trace.verdict.is_reliable() && trace.frames.empty() ? 0 : 1;
}
