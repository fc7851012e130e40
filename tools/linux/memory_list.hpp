// SPDX-License-Identifier: MIT
//
// Lists of the kernel, which begin and end anywhere in a damaged dump.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dump/virtual_memory.hpp"

namespace surefoot::tools {

/// How a list ended.
enum class ListEnd : std::uint8_t {
  whole,       ///< at its head, or at null
  unreadable,  ///< at a pointer that cannot be read
  too_long,    ///< after more elements than there can be: a circle that leaves out the head
};

/// Calls use(node) for each node of a circular list behind its head, which is none of the elements.
template <typename Use>
[[nodiscard]] ListEnd for_each_in_list(VirtualMemory& memory, std::uint64_t head, std::size_t most, const Use& use) {
  auto node = memory.word(head);
  for (std::size_t i = 0; i < most; ++i) {
    if (!node) return ListEnd::unreadable;
    if (*node == head) return ListEnd::whole;
    use(*node);
    node = memory.word(*node);
  }
  return ListEnd::too_long;
}

/// The same for a list that ends with null.
template <typename Use>
[[nodiscard]] ListEnd for_each_in_chain(VirtualMemory& memory, std::uint64_t head, std::size_t most, const Use& use) {
  auto node = memory.word(head);
  for (std::size_t i = 0; i < most; ++i) {
    if (!node) return ListEnd::unreadable;
    if (*node == 0) return ListEnd::whole;
    use(*node);
    node = memory.word(*node);
  }
  return ListEnd::too_long;
}

}  // namespace surefoot::tools
