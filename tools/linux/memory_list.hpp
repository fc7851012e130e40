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
  too_long,    ///< in a circle that leaves out the head, or after more elements than there can be
};

/// Notices that a list leads in a circle, after at most three times as many nodes as it has. It keeps one node, and
/// exchanges it after twice as many nodes each time [Brent's algorithm].
class CircleFinder {
 public:
  [[nodiscard]] bool is_known(std::uint64_t node) {
    if (has_kept_ && node == kept_) return true;
    if (++passed_ == limit_) {
      kept_ = node;
      has_kept_ = true;
      passed_ = 0;
      limit_ *= 2;
    }
    return false;
  }

 private:
  std::uint64_t kept_ = 0;
  bool has_kept_ = false;
  std::size_t passed_ = 0;
  std::size_t limit_ = 1;
};

/// Calls use(node) for each node of a list from the one on that the word at `first` points to, up to a pointer to
/// `end`. Where the list leads in a circle, nodes come more than once.
template <typename Use>
[[nodiscard]] ListEnd for_each_up_to(VirtualMemory& memory, std::uint64_t first, std::uint64_t end, std::size_t most,
                                     const Use& use) {
  auto node = memory.word(first);
  CircleFinder circle;
  for (std::size_t i = 0; i < most; ++i) {
    if (!node) return ListEnd::unreadable;
    if (*node == end) return ListEnd::whole;
    if (circle.is_known(*node)) return ListEnd::too_long;
    use(*node);
    node = memory.word(*node);
  }
  return ListEnd::too_long;
}

/// Of a circular list, behind its head, which is none of the elements.
template <typename Use>
[[nodiscard]] ListEnd for_each_in_list(VirtualMemory& memory, std::uint64_t head, std::size_t most, const Use& use) {
  return for_each_up_to(memory, head, head, most, use);
}

/// Of a list that ends with null.
template <typename Use>
[[nodiscard]] ListEnd for_each_in_chain(VirtualMemory& memory, std::uint64_t head, std::size_t most, const Use& use) {
  return for_each_up_to(memory, head, 0, most, use);
}

}  // namespace surefoot::tools
