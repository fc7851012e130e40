// SPDX-License-Identifier: MIT
//
// A copy of a return stack. The trampoline pops from the object itself.
#include "surefoot/surefoot.hpp"

std::uint32_t depth_of(const surefoot::ReturnStack& stack) {
#if defined(SUREFOOT_TEST_IS_RIGHT)
  const surefoot::ReturnStack& same = stack;
#else
  const surefoot::ReturnStack same = stack;
#endif
  return same.depth();
}
