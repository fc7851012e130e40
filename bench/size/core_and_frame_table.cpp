// SPDX-License-Identifier: MIT
//
// The same as core.cpp, of a program that has a frame table.
#include <cstddef>
#include <span>

#include "surefoot/surefoot.hpp"

extern "C" [[gnu::section("program")]] void start_of_program(const surefoot::Start& start, surefoot::Context& context,
                                                             const std::span<const std::byte>& section,
                                                             const std::span<surefoot::Frame>& frames,
                                                             surefoot::Trace& trace) {
  const auto table = surefoot::FrameTable::make(section, 0);
  context.frame_table = table ? &*table : nullptr;
  trace = surefoot::walk(start, context, frames);
}
