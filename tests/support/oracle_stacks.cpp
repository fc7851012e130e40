// SPDX-License-Identifier: MIT
//
// The oracle's stacks, word by word.
#include "support/oracle_stacks.hpp"

namespace surefoot::testing {

void OracleStack::kill_below(std::uint64_t address) {
  for (std::size_t i = 0; i < is_dead.size(); ++i) {
    if (base + 8 * i < address) is_dead[i] = true;
  }
}

bool OracleStack::is_alive(std::uint64_t address, std::size_t words) const {
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t at = address + 8 * i;
    if (at < base || at >= end() || is_dead[(at - base) / 8]) return false;
  }
  return true;
}

bool OracleStack::is_alive_or_end(std::uint64_t address) const { return address == end() || is_alive(address, 1); }

OracleStacks::OracleStacks(const FlatMemory& memory) {
  for (const FlatStack& stack : memory.stacks) {
    stacks_.push_back({.base = stack.base, .is_dead = std::vector<bool>(stack.words.size())});
  }
}

bool OracleStacks::is_alive(std::uint64_t address, std::size_t words) const {
  return present_ != nullptr && present_->is_alive(address, words);
}

bool OracleStacks::is_alive_or_end(std::uint64_t address) const {
  return present_ != nullptr && present_->is_alive_or_end(address);
}

OracleStack* OracleStacks::holding(std::uint64_t address, std::size_t words) {
  for (OracleStack& stack : stacks_) {
    if (address >= stack.base && address < stack.end() && stack.end() - address >= 8 * words) return &stack;
  }
  return nullptr;
}

bool OracleStacks::go_to(OracleStack& stack, std::uint64_t low) {
  const bool is_other = present_ != nullptr && present_ != &stack;
  present_ = &stack;
  stack.was_entered = true;
  stack.kill_below(low);
  return is_other;
}

bool OracleStacks::go_to_stack_of(std::uint64_t sp) {
  OracleStack* found = nullptr;
  for (OracleStack& stack : stacks_) {
    if (found == nullptr && sp >= stack.base && sp < stack.end()) found = &stack;
  }
  for (OracleStack& stack : stacks_) {
    if (found == nullptr && sp == stack.end()) found = &stack;
  }
  if (found == nullptr || (found != present_ && found->was_entered)) return false;
  return go_to(*found, sp);
}

}  // namespace surefoot::testing
