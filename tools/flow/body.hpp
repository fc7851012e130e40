// SPDX-License-Identifier: MIT
//
// One function while its paths are followed, and what its code says about where a jump can go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "code/instruction.hpp"
#include "flow/state.hpp"
#include "flow/states.hpp"

namespace surefoot::tools {

struct Body {
  const Function* function = nullptr;
  std::vector<std::optional<Instruction>> code;  // empty where there is data
  std::vector<bool> is_leader;                   // a place where paths meet
  std::vector<std::unique_ptr<State>> leaders;   // their states; null where no path has led so far
  std::vector<bool> is_target;                   // of a branch in the group, or an entry
  std::vector<bool> is_seen;                     // a path leads there
  FunctionStates found;
  bool is_contradiction = false;
  bool has_indirect_jump = false;

  [[nodiscard]] bool contains(std::uint64_t address) const { return function->contains(address) && address % 4 == 0; }
  [[nodiscard]] std::size_t index_of(std::uint64_t address) const {
    return static_cast<std::size_t>((address - function->start) / 4);
  }
  [[nodiscard]] std::uint64_t address_of(std::size_t index) const { return function->start + index * 4; }
};

/// False if what is known of both says that code that expects the one cannot do with the other: sp or x29 is elsewhere,
/// or the return address or the caller's x29 is not saved yet where it has to be found.
[[nodiscard]] bool has_same_frame(const State& from, const State& to);

/// True if sp is where only the caller's is: to give that back is not for a function that was called.
[[nodiscard]] inline bool is_above_cfa(const State& state) {
  return state.sp().is(Value::Kind::cfa) && state.sp().number > 0;
}

/// The index behind the last of the function's first instructions that saves a register as the caller left it.
[[nodiscard]] std::size_t find_prologue_end(const Body& body);

/// Where calls of the body lead, and jumps that do not stay in it or go to its start: by rising address, none twice.
[[nodiscard]] std::vector<std::uint64_t> find_targets(const Body& body);

/// True if the code from there on returns by lr as it is.
[[nodiscard]] bool returns_at_once(const Body& body, std::size_t index);

}  // namespace surefoot::tools
