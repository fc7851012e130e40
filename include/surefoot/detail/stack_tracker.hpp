// SPDX-License-Identifier: MIT
//
// Decides what may be read next, and by that why a walk ends. An object on the present stack must lie above all that
// was consumed there; an object on another stack is taken only if that stack was not left before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/evidence.hpp"
#include "surefoot/records.hpp"
#include "surefoot/stacks.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::detail {

/// The consumed part of a set of stacks. Small, since a walk has it on its stack: it holds no copy of the set, which
/// every function takes as its first parameter, and which has to be the same each time.
class StackTracker {
 public:
  using Stacks = std::span<const Stack>;

  /// The first stack that cannot be used, as an index, or stacks.size() if all can: empty, or overlapping an earlier
  /// one, which would let a walk enter the same memory twice; or the one after max_stacks.
  [[nodiscard]] static std::size_t find_unusable(Stacks stacks) noexcept;

  /// Goes to the stack that `sp` is on, below which all is dead and not to be read; notes if that changed the present
  /// stack. Without effect if sp is on no stack, as after an overflow, or on one that was left: the next record
  /// decides.
  void enter_at_sp(Stacks stacks, std::uint64_t sp, Evidence& noticed) noexcept;

  /// Checks that a frame record at `address` may be read, and if so goes to its stack and notes if that changed the
  /// present one. Otherwise returns why the walk ends; StopReason::truncated says that it does not.
  [[nodiscard]] StopReason enter(Stacks stacks, std::uint64_t address, Evidence& noticed) noexcept;

  /// The stack that all of [address, address + size) is on, if it was not entered yet, as an index; otherwise
  /// stacks.size().
  [[nodiscard]] std::size_t find_not_entered(Stacks stacks, std::uint64_t address, std::uint64_t size) const noexcept {
    const std::size_t index = find(stacks, address, size);
    return index != stacks.size() && was_entered(index) ? stacks.size() : index;
  }

  /// Goes to a stack that was not entered, with all below `low` consumed, and notes if that changed the present one.
  void go_to(std::size_t index, std::uint64_t low, Evidence& noticed) noexcept;

  /// What is not consumed of the present stack; empty before one was entered.
  [[nodiscard]] AddressRange rest(Stacks stacks) const noexcept {
    return present_ < stacks.size() ? AddressRange(low_, stacks[present_].range.end()) : AddressRange();
  }

  /// True if [address, address + size) is on the present stack and not consumed. The end of a stack is on it.
  [[nodiscard]] bool is_readable(Stacks stacks, std::uint64_t address, std::uint64_t size) const noexcept;

  /// Everything on the present stack below `end` is consumed. Requires an object that was found readable to end there.
  void consume_to(std::uint64_t end) noexcept { low_ = end; }

 private:
  static std::size_t find(Stacks stacks, std::uint64_t address, std::uint64_t size) noexcept;
  [[nodiscard]] bool was_entered(std::size_t index) const noexcept { return (entered_ >> index & 1) != 0; }

  std::uint64_t low_ = 0;      // where what is not consumed of the present stack begins
  std::uint32_t entered_ = 0;  // a bit for each stack that is or was present
  std::uint32_t present_ = no_stack;

  static constexpr std::uint32_t no_stack = ~std::uint32_t{0};
};

[[gnu::always_inline]] inline void StackTracker::go_to(std::size_t index, std::uint64_t low,
                                                       Evidence& noticed) noexcept {
  if (present_ != no_stack) noticed |= EvidenceBit::changed_stack;
  present_ = static_cast<std::uint32_t>(index);
  entered_ |= std::uint32_t{1} << index;
  low_ = low;
}

[[gnu::always_inline]] inline void StackTracker::enter_at_sp(Stacks stacks, std::uint64_t sp,
                                                             Evidence& noticed) noexcept {
  std::size_t index = find(stacks, sp, 1);
  if (index == stacks.size()) index = find(stacks, sp, 0);  // an empty stack: sp is its end
  if (index == present_) {
    // Never down: what was consumed stays so, whatever the saved sp says.
    if (low_ < sp) low_ = sp;
  } else if (index != stacks.size() && !was_entered(index)) {
    go_to(index, sp, noticed);
  }
}

[[gnu::always_inline]] inline StopReason StackTracker::enter(Stacks stacks, std::uint64_t address,
                                                             Evidence& noticed) noexcept {
  // The usual case: further up on the present stack.
  if (is_readable(stacks, address, sizeof(FrameRecord))) return StopReason::truncated;
  const std::size_t index = find(stacks, address, sizeof(FrameRecord));
  if (index == stacks.size()) return StopReason::off_stack;
  if (index == present_) return StopReason::not_above_previous;
  if (was_entered(index)) return StopReason::stack_reentered;
  // All of it, and not just from the record on: the record may be the one in an ExceptionFrame, most of which is below.
  go_to(index, stacks[index].range.start(), noticed);
  return StopReason::truncated;
}

}  // namespace surefoot::detail
