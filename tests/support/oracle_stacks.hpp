// SPDX-License-Identifier: MIT
//
// The stacks of the oracle's walk. They know which words the walk may still read, and no rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/flat_memory.hpp"

namespace surefoot::testing {

/// The words of one stack, and whether they may still be read.
struct OracleStack {
  std::uint64_t base;
  std::vector<bool> is_dead;
  bool was_entered = false;

  [[nodiscard]] std::uint64_t end() const { return base + 8 * is_dead.size(); }
  void kill_below(std::uint64_t address);
  /// True if each of the words is alive.
  [[nodiscard]] bool is_alive(std::uint64_t address, std::size_t words) const;
  /// True if nothing is dead from there to the end of the stack, of which the end itself is a part.
  [[nodiscard]] bool is_alive_or_end(std::uint64_t address) const;
};

/// All stacks of a walk. The present one is the one that the walk is on, or null before the first.
class OracleStacks {
 public:
  explicit OracleStacks(const FlatMemory& memory);

  [[nodiscard]] OracleStack* present() const { return present_; }
  /// The same for the present stack; false if there is none.
  [[nodiscard]] bool is_alive(std::uint64_t address, std::size_t words) const;
  [[nodiscard]] bool is_alive_or_end(std::uint64_t address) const;
  /// The stack that has all of the words, dead or alive; null if none has.
  [[nodiscard]] OracleStack* holding(std::uint64_t address, std::size_t words);

  /// Makes the stack the present one, and kills what is below `low`. True if that changed the stack.
  bool go_to(OracleStack& stack, std::uint64_t low);
  /// Goes to the stack of an interrupted sp, unless the walk has left that stack. True if that changed the stack.
  bool go_to_stack_of(std::uint64_t sp);

 private:
  std::vector<OracleStack> stacks_;
  OracleStack* present_ = nullptr;
};

}  // namespace surefoot::testing
