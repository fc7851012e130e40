// SPDX-License-Identifier: MIT
//
// Which stack an object is on, and whether it may be there. An object on the present stack must lie above all that was
// consumed there; an object on another stack is taken only if that stack was not left before.
#pragma once

#include <bit>

#include "state.hpp"

namespace surefoot::detail {

inline constexpr std::uint32_t no_stack = ~std::uint32_t{0};

/// The stacks that a walk may use have one numbering: the task's own, then the CPU's.
[[nodiscard]] SUREFOOT_INLINE inline const Stack& stack_at(const Task& task, std::uint32_t index) noexcept {
  return index < task.stacks.size() ? task.stacks[index] : task.cpu_stacks[index - task.stacks.size()];
}

/// The index of the stack that the byte at `address` is on, or no_stack.
[[nodiscard]] SUREFOOT_STEP inline std::uint32_t find_stack(const Task& task, std::uint64_t address) noexcept {
  std::uint32_t index = 0;
  for (const Stack& stack : task.stacks) {
    if (stack.range.contains(address)) return index;
    ++index;
  }
  for (const Stack& stack : task.cpu_stacks) {
    if (stack.range.contains(address)) return index;
    ++index;
  }
  return no_stack;
}

/// True if [address, address + size) is on the present stack and not consumed. The end of a stack is on it.
[[nodiscard]] SUREFOOT_INLINE inline bool is_readable(const PresentStack& stack, std::uint64_t address,
                                                      std::uint64_t size) noexcept {
  // The subtraction cannot wrap where it counts: the first comparison has said so.
  return stack.entered != 0 && address >= stack.low && address <= stack.end && size <= stack.end - address;
}

/// Goes to another stack. Each of the two sets by itself was checked when it was made; that a stack of one does not
/// overlap one of the other is checked here, where a walk would enter the same memory twice: it has then ended.
SUREFOOT_INLINE inline void go_to(State& state, std::uint32_t index, std::uint64_t low) noexcept {
  PresentStack& present = state.stack;
  const AddressRange range = stack_at(*state.task, index).range;
  if (present.entered != 0) {
    state.next.noticed |= EvidenceBit::changed_stack;
    for (std::uint32_t left = present.entered; left != 0; left &= left - 1) {
      const auto other = static_cast<std::uint32_t>(std::countr_zero(left));
      if (stack_at(*state.task, other).range.overlaps(range)) return stop(state, StopReason::bad_task, range.start());
    }
  }
  present.entered |= std::uint32_t{1} << index;
  present.low = low;
  present.end = range.end();
}

/// Requires that the stack at `index` was entered.
[[nodiscard]] SUREFOOT_INLINE inline bool is_present(const State& state, std::uint32_t index) noexcept {
  return stack_at(*state.task, index).range.end() == state.stack.end;
}
[[nodiscard]] SUREFOOT_INLINE inline bool was_entered(const State& state, std::uint32_t index) noexcept {
  return (state.stack.entered >> index & 1) != 0;
}

/// Goes to the stack that `at` is on: sp itself, if it was saved. Below sp all is dead and not to be read. Without
/// effect if `at` is on no stack, as after an overflow, or on one that was left: the next record decides.
SUREFOOT_STEP inline void enter_at_sp(State& state, std::uint64_t sp, std::uint64_t at) noexcept {
  const Task& task = *state.task;
  std::uint32_t index = find_stack(task, at);
  if (index == no_stack) [[unlikely]]
    index = find_stack(task, at - 1);  // an empty stack: sp is its end
  if (index == no_stack) return;
  if (!was_entered(state, index)) {
    go_to(state, index, sp);
  } else if (is_present(state, index) && state.stack.low < sp) {
    // Never down: what was consumed stays so, whatever the saved sp says.
    state.stack.low = sp;
  }
}

/// Goes to the stack of the record at next.fp, if it may be read; otherwise the walk has ended.
[[nodiscard]] SUREFOOT_INLINE inline bool place_record(State& state) noexcept {
  const std::uint64_t at = state.next.fp;
  StopReason reason = StopReason::misaligned_record;
  // 1. A garbage fp. Records are 8-byte aligned at least: the one in an exception frame need not be 16.
  if (at % 8 == 0) [[likely]] {
    // The usual case: further up on the present stack.
    if (is_readable(state.stack, at, sizeof(FrameRecord))) [[likely]]
      return true;
    // 2. A wild read, a loop on one stack, and a loop across stacks.
    const std::uint32_t index = find_stack(*state.task, at);
    if (index == no_stack || !stack_at(*state.task, index).range.contains(at, sizeof(FrameRecord))) {
      reason = StopReason::off_stack;
    } else if (was_entered(state, index)) {
      reason = is_present(state, index) ? StopReason::not_above_previous : StopReason::stack_reentered;
    } else {
      // All of it, and not just from the record on: it may be the record of an exception frame, most of which is below.
      go_to(state, index, stack_at(*state.task, index).range.start());
      return state.stop == StopReason::truncated;
    }
  }
  stop(state, reason, at);
  return false;
}

}  // namespace surefoot::detail
