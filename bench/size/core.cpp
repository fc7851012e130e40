// SPDX-License-Identifier: MIT
//
// A program that walks, and does nothing else. It is linked, and measured, and never runs.
#include <span>

#include "surefoot/surefoot.hpp"

// In a section of its own: .text is then the library's code alone.
extern "C" [[gnu::section("program")]] void start_of_program(const surefoot::Start& start,
                                                             const surefoot::Kernel& kernel, const surefoot::Task& task,
                                                             const std::span<surefoot::Frame>& frames,
                                                             surefoot::Trace& trace) {
  trace = surefoot::walk(start, kernel, task, frames);
}
