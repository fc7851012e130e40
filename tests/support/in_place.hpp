// SPDX-License-Identifier: MIT
//
// Made-up stacks, put where they pretend to be: a walk in the program's own memory takes plain frames in a loop of its
// own, which one in foreign memory does not.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "surefoot/stacks.hpp"

namespace surefoot::testing {

/// Maps the pages of a range. False if there cannot be memory, or if something of the program's own is there.
[[nodiscard]] bool map_in_place(AddressRange range);

/// Copies what `memory` says of each word to the word. False if a walk could read one that is not there.
template <typename Memory>
[[nodiscard]] bool put_in_place(std::span<const Stack> stacks, const Memory& memory) {
  for (const Stack& stack : stacks) {
    const AddressRange range = stack.range;
    if (range.end() <= range.start()) continue;
    if (!map_in_place(range)) return false;
    for (std::uint64_t at = (range.start() + 7) / 8 * 8; range.end() - at >= 8 && at < range.end(); at += 8) {
      const std::optional<std::uint64_t> word = memory.word_at(at);
      if (!word) return false;
      std::memcpy(reinterpret_cast<void*>(at), &*word, sizeof *word);
    }
  }
  return true;
}

}  // namespace surefoot::testing
