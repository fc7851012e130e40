// SPDX-License-Identifier: MIT
//
// Which stack a record is on, and whether it may be there.
#include "surefoot/detail/stack_tracker.hpp"

namespace surefoot::detail {

std::size_t StackTracker::find_unusable(std::span<const Stack> stacks) noexcept {
  for (std::size_t i = 0; i < stacks.size(); ++i) {
    if (i == max_stacks || stacks[i].range.is_empty()) return i;
    for (std::size_t j = 0; j < i; ++j) {
      if (stacks[j].range.overlaps(stacks[i].range)) return i;
    }
  }
  return stacks.size();
}

std::size_t StackTracker::find(std::uint64_t address, std::uint64_t size) const noexcept {
  for (std::size_t i = 0; i < stacks_.size(); ++i) {
    if (stacks_[i].range.contains(address, size)) return i;
  }
  return no_stack;
}

void StackTracker::go_to(std::size_t index, std::uint64_t low) noexcept {
  present_ = index;
  entered_ |= std::uint32_t{1} << index;
  rest_ = AddressRange(low, stacks_[index].range.end());
}

bool StackTracker::enter_at_sp(std::uint64_t sp) noexcept {
  std::size_t index = find(sp, 1);
  if (index == no_stack) index = find(sp, 0);  // an empty stack: sp is its end
  if (index == no_stack) return false;
  if (index == present_) {
    // Never down: what was consumed stays so, whatever the saved sp says.
    if (rest_.start() < sp) rest_ = AddressRange(sp, stacks_[index].range.end());
    return false;
  }
  if (was_entered(index)) return false;
  const bool has_changed = present_ != no_stack;
  go_to(index, sp);
  return has_changed;
}

StackTracker::Placement StackTracker::enter(std::uint64_t address, std::uint64_t size) noexcept {
  // The usual case: further up on the present stack.
  if (rest_.contains(address, size)) return {.is_readable = true};
  const std::size_t index = find(address, size);
  if (index == no_stack) return {.reason = StopReason::off_stack};
  if (index == present_) return {.reason = StopReason::not_above_previous};
  if (was_entered(index)) return {.reason = StopReason::stack_reentered};
  const bool has_changed = present_ != no_stack;
  // All of it, and not just from the record on: the record may be the one in an ExceptionFrame, most of which is below.
  go_to(index, stacks_[index].range.start());
  return {.is_readable = true, .is_on_other_stack = has_changed};
}

}  // namespace surefoot::detail
