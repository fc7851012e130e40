// SPDX-License-Identifier: MIT
//
// Stacks that nobody has checked: two of them may overlap, and a walk would go round in a circle.
#include "surefoot/surefoot.hpp"

void set_stacks(surefoot::Task& task, std::span<const surefoot::Stack> stacks) {
#if defined(SUREFOOT_TEST_IS_RIGHT)
  task.stacks = surefoot::StackSet::make(stacks).value();
#else
  task.stacks = stacks;
#endif
}
