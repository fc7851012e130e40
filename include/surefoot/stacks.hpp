// SPDX-License-Identifier: MIT
//
// The stacks that a walk may read. The kernel knows them; the walk only follows what lies inside.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/address.hpp"

namespace surefoot {

/// What a stack is used for. The walk treats all alike; the kind is for the reader of a trace.
enum class StackKind : std::uint8_t { task, irq, overflow, exception, other };

/// One stack that the walked context may use.
struct Stack {
  AddressRange range;
  StackKind kind = StackKind::task;
};

/// The most stacks that one context can name: each is one bit in the set of those already left.
inline constexpr std::size_t max_stacks = 32;

}  // namespace surefoot
