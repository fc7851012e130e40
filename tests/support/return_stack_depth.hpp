// SPDX-License-Identifier: MIT
//
// The word of a return stack that no test can set through its interface, to imitate damage and interruption.
#pragma once

#include <cstdint>
#include <cstring>

#include "surefoot/return_stack.hpp"

namespace surefoot::testing {

inline void set_depth(ReturnStack& stack, std::uint32_t depth) {
  std::memcpy(reinterpret_cast<char*>(&stack) + SUREFOOT_RETURN_STACK_OFFSET_DEPTH, &depth, sizeof depth);
}

}  // namespace surefoot::testing
