// SPDX-License-Identifier: MIT
//
// The same as core.cpp, of a program that has a frame table.
#include <cstddef>
#include <span>

#include "surefoot/surefoot.hpp"

extern "C" [[gnu::section("program")]] void start_of_program(const surefoot::Start& start,
                                                             const surefoot::Kernel& kernel, const surefoot::Task& task,
                                                             const std::span<const std::byte>& section,
                                                             surefoot::Region& region,
                                                             const std::span<surefoot::Frame>& frames,
                                                             surefoot::Trace& trace) {
  // The region is one of the kernel's.
  region.frame_table = surefoot::FrameTable::make(section).value_or(surefoot::FrameTable());
  trace = surefoot::walk(start, kernel, task, frames);
}
