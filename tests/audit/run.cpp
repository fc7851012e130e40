// SPDX-License-Identifier: MIT
//
// A kernel that uses the broken function. It is audited, and never runs.
#include "boot/run.hpp"

#include "surefoot/special_ranges.hpp"

extern "C" void broken_call(void (*callee)()) noexcept;

namespace {
[[gnu::noinline]] void callee() noexcept { asm volatile(""); }
}  // namespace

int kernel::run() noexcept {
  broken_call(callee);
  return surefoot::SpecialRanges::linked() ? 0 : 1;
}
