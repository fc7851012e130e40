// SPDX-License-Identifier: MIT
//
// Decides what may be read next, and by that why a walk ends. An object on the present stack must lie above all that
// was consumed there; an object on another stack is taken only if that stack was not left before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/stacks.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::detail {

/// The consumed part of a set of stacks.
class StackTracker {
 public:
  /// What was found out about an object that is to be read.
  struct Placement {
    StopReason reason = StopReason::off_stack;
    bool is_readable = false;
    bool is_on_other_stack = false;
  };

  /// The first stack that cannot be used, as an index, or stacks.size() if all can: empty, or overlapping an earlier
  /// one, which would let a walk enter the same memory twice; or the one after max_stacks.
  [[nodiscard]] static std::size_t find_unusable(std::span<const Stack> stacks) noexcept;

  /// Begins with nothing consumed. Requires usable stacks.
  explicit constexpr StackTracker(std::span<const Stack> stacks) noexcept : stacks_(stacks) {}

  /// Goes to the stack that `sp` is on, below which all is dead and not to be read. True if that changed the present
  /// stack. Without effect if sp is on no stack, as after an overflow, or on one that was left: the next record
  /// decides.
  bool enter_at_sp(std::uint64_t sp) noexcept;

  /// Checks that [address, address + size) may be read as the next frame record, and if so goes to its stack.
  [[nodiscard]] Placement enter(std::uint64_t address, std::uint64_t size) noexcept;

  /// True if [address, address + size) is on the present stack and not consumed. The end of a stack is on it.
  [[nodiscard]] bool is_readable(std::uint64_t address, std::uint64_t size) const noexcept {
    return present_ != no_stack && rest_.contains(address, size);
  }

  /// Everything on the present stack below `end` is consumed. Requires an object that was found readable to end there.
  void consume_to(std::uint64_t end) noexcept { rest_ = AddressRange(end, rest_.end()); }

 private:
  [[nodiscard]] std::size_t find(std::uint64_t address, std::uint64_t size) const noexcept;
  void go_to(std::size_t index, std::uint64_t low) noexcept;
  [[nodiscard]] bool was_entered(std::size_t index) const noexcept { return (entered_ >> index & 1) != 0; }

  static constexpr std::size_t no_stack = ~std::size_t{0};

  std::span<const Stack> stacks_;
  std::size_t present_ = no_stack;
  AddressRange rest_;          // what is not consumed of the present stack
  std::uint32_t entered_ = 0;  // a bit for each stack that is or was present
};

}  // namespace surefoot::detail
