// SPDX-License-Identifier: MIT
//
// Searching a return stack.
#include "surefoot/detail/return_matcher.hpp"

#include "surefoot/config.hpp"

namespace surefoot::detail {

SUREFOOT_SHARED const ReturnEntry* ReturnMatcher::newest_below(const ReturnStack* stack, std::uint32_t index) noexcept {
  for (; index > 0; --index) {
    const ReturnEntry& entry = stack->slot(index - 1);
    if (entry.load_return_address() != 0) return &entry;
  }
  return nullptr;
}

}  // namespace surefoot::detail
