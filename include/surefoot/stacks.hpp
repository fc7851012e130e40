// SPDX-License-Identifier: MIT
//
// The stacks that a walk may read. The kernel knows them; the walk only follows what lies inside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/error.hpp"

namespace surefoot {

/// What a stack is used for. The walk treats all alike; the kind is for the reader of a trace.
enum class StackKind : std::uint8_t { task, irq, overflow, exception, other };

/// One stack that the walked task may use.
struct Stack {
  AddressRange range{};
  StackKind kind = StackKind::task;
};

/// The most stacks that one walk can use: each is one bit in the set of those already left.
inline constexpr std::size_t max_stacks = 32;

/// What can be wrong with a set of stacks.
enum class StackSetFault : std::uint8_t {
  empty_stack,      ///< start is not below end, or the stack would wrap round or end at 2^64
  overlapping,      ///< overlaps an earlier one, so that a walk could enter the same memory twice
  too_many_stacks,  ///< more than max_stacks
};

/// Why a set was refused, and the first stack that is wrong.
using StackSetError = Error<StackSetFault>;

/// Stacks that were checked once: those of a task, or the IRQ and overflow stacks of a CPU, which many tasks share. A
/// view of the array, which must stay in place and as it is. A default-constructed one is empty.
class StackSet {
 public:
  constexpr StackSet() = default;

  /// Checks the stacks: none is empty, and no two overlap. O(stacks^2). Any context.
  [[nodiscard]] static constexpr std::expected<StackSet, StackSetError> make(std::span<const Stack> stacks) noexcept {
    for (std::size_t i = 0; i < stacks.size(); ++i) {
      if (i == max_stacks) return std::unexpected(StackSetError{StackSetFault::too_many_stacks, i});
      // A range that comes from C may wrap round: it would contain all that is above its start.
      if (stacks[i].range.end() <= stacks[i].range.start()) {
        return std::unexpected(StackSetError{StackSetFault::empty_stack, i});
      }
      for (std::size_t j = 0; j < i; ++j) {
        if (stacks[j].range.overlaps(stacks[i].range)) {
          return std::unexpected(StackSetError{StackSetFault::overlapping, i});
        }
      }
    }
    StackSet set;
    set.stacks_ = stacks.data();
    set.size_ = static_cast<std::uint32_t>(stacks.size());
    return set;
  }

  [[nodiscard]] constexpr std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr const Stack& operator[](std::size_t index) const noexcept { return stacks_[index]; }
  [[nodiscard]] constexpr const Stack* begin() const noexcept { return stacks_; }
  [[nodiscard]] constexpr const Stack* end() const noexcept { return stacks_ + size_; }

 private:
  const Stack* stacks_ = nullptr;
  std::uint32_t size_ = 0;
};

/// Names, equal to the spelling of the enumerators; never null. Any context.
[[nodiscard]] const char* to_string(StackKind kind) noexcept;
[[nodiscard]] const char* to_string(StackSetFault fault) noexcept;

}  // namespace surefoot
