// SPDX-License-Identifier: MIT
//
// A walk whose result is thrown away: nobody looks at the verdict.
#include "surefoot/surefoot.hpp"

void walk_for_nothing(const surefoot::Kernel& kernel, const surefoot::Task& task, std::span<surefoot::Frame> frames) {
#if defined(SUREFOOT_TEST_IS_RIGHT)
  [[maybe_unused]] const surefoot::Trace trace =
#endif
      surefoot::walk(surefoot::Start::no_stack(), kernel, task, frames);
}
