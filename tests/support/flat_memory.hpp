// SPDX-License-Identifier: MIT
//
// Fake stacks for tests that make many of them: plain words, no labels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "surefoot/stacks.hpp"

namespace surefoot::testing {

struct FlatStack {
  std::uint64_t base;
  std::vector<std::uint64_t> words;

  [[nodiscard]] std::uint64_t end() const { return base + 8 * words.size(); }
  [[nodiscard]] bool has_word(std::uint64_t address) const {
    return address >= base && address < end() && address % 8 == 0;
  }
  [[nodiscard]] std::uint64_t& at(std::uint64_t address) { return words[(address - base) / 8]; }
};

struct FlatMemory {
  std::vector<FlatStack> stacks;

  [[nodiscard]] std::optional<std::uint64_t> word_at(std::uint64_t address) const {
    for (const FlatStack& stack : stacks) {
      if (stack.has_word(address)) return stack.words[(address - stack.base) / 8];
    }
    return std::nullopt;
  }
  [[nodiscard]] std::vector<Stack> declared() const {
    std::vector<Stack> declared;
    for (const FlatStack& stack : stacks) declared.push_back({.range = AddressRange(stack.base, stack.end())});
    return declared;
  }
  [[nodiscard]] std::size_t word_count() const {
    std::size_t count = 0;
    for (const FlatStack& stack : stacks) count += stack.words.size();
    return count;
  }
};

/// Counts the reads of a walk, and those that had not been declared.
struct ReadCount {
  std::size_t all = 0;
  std::size_t wild = 0;
};

class CountingReader {
 public:
  CountingReader(const FlatMemory& memory, ReadCount& count) : memory_(&memory), count_(&count) {}

  [[nodiscard]] bool read(std::uint64_t address, std::uint64_t& word) noexcept {
    ++count_->all;
    const std::optional<std::uint64_t> found = memory_->word_at(address);
    if (!found) ++count_->wild;
    if (found) word = *found;
    return found.has_value();
  }

 private:
  const FlatMemory* memory_;
  ReadCount* count_;
};

}  // namespace surefoot::testing
