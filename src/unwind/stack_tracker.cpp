// SPDX-License-Identifier: MIT
//
// Which stack a record is on, and whether it may be there.
#include "surefoot/detail/stack_tracker.hpp"

#include "surefoot/config.hpp"

namespace surefoot::detail {

std::size_t StackTracker::find_unusable(Stacks stacks) noexcept {
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    if (i == max_stacks || stacks[i].range.is_empty()) return i;
    for (std::size_t j = 0; j < i; ++j) {
      if (stacks[j].range.overlaps(stacks[i].range)) return i;
    }
  }
  return stacks.size();
}

// The index of the stack that all of [address, address + size) is on; stacks.size() if there is none.
SUREFOOT_SHARED std::size_t StackTracker::find(Stacks stacks, std::uint64_t address, std::uint64_t size) noexcept {
  std::size_t i = 0;
  while (i < stacks.size() && !stacks[i].range.contains(address, size)) ++i;
  return i;
}

SUREFOOT_SHARED bool StackTracker::is_readable(Stacks stacks, std::uint64_t address,
                                               std::uint64_t size) const noexcept {
  return present_ != no_stack && rest(stacks).contains(address, size);
}

}  // namespace surefoot::detail
