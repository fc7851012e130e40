// SPDX-License-Identifier: MIT
//
// What is true of one task. A plain aggregate of values and views: what it refers to must stay in place for the length
// of a walk.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/memory.hpp"
#include "surefoot/return_stack.hpp"
#include "surefoot/stacks.hpp"

namespace surefoot {

/// The task that is walked.
struct Task {
  /// Its own stacks, of which it may use each once.
  StackSet stacks{};
  /// The stacks of the CPU that it runs on, if the walk is made there; none for a blocked task. Together with its own
  /// they are at most max_stacks, and none of them overlaps.
  StackSet cpu_stacks{};
  /// The address of its final record, the only place at which the chain may end; 0 if it has none.
  std::uint64_t final_record_at = 0;
  /// Its return stacks, at most max_return_stacks, each ordered in itself; none if nothing rewrites return addresses.
  std::span<const ReturnStack* const> return_stacks{};
  /// What is used of its shadow call stack, if the kernel compares with that: from its start up to x18. Its last word
  /// is the return address that was saved last.
  AddressRange shadow_call_stack{};
  /// Where its stacks are; null for the running kernel's own memory.
  const ForeignMemory* memory = nullptr;
};

/// The most return stacks that one task may have.
inline constexpr std::size_t max_return_stacks = 4;

}  // namespace surefoot
