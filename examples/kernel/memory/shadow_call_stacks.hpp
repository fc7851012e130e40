// SPDX-License-Identifier: MIT
//
// The shadow call stacks as ranges of addresses (shadow_call_stacks.h). Without them all are empty, and nothing is left
// of what follows.
#pragma once

#include <cstdint>

#include "memory/shadow_call_stacks.h"
#include "surefoot/address.hpp"

#ifdef KERNEL_HAS_SHADOW_CALL_STACK
extern "C" const char kernel_shadow_call_stacks[];
#endif

namespace kernel::shadow_call_stack {

/// Where that of the task at `index` begins; 0 if there is none.
[[nodiscard]] inline std::uint64_t start_of([[maybe_unused]] unsigned index) noexcept {
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
  return reinterpret_cast<std::uintptr_t>(kernel_shadow_call_stacks) + index * KERNEL_SHADOW_CALL_STACK_SIZE;
#else
  return 0;
#endif
}

/// Where that of the running task ends now, for the function that this is expanded in; 0 if there is none.
[[nodiscard, gnu::always_inline]] inline std::uint64_t end() noexcept {
  std::uint64_t x18 = 0;
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
  asm volatile("mov %0, x18" : "=r"(x18));
#endif
  return x18;
}

}  // namespace kernel::shadow_call_stack
