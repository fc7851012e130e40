// SPDX-License-Identifier: MIT
//
// The paths through one group of functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "code/vocabulary.hpp"
#include "flow/declared_ways.hpp"
#include "flow/states.hpp"

namespace surefoot::tools {

/// What is known about the image around a group. Refers to what must outlive it.
struct Surroundings {
  const Image& image;
  const NoreturnFunctions& noreturn;
  const LandingPads& landing_pads;
  const DeclaredWays& ways;
  const Vocabulary& vocabulary;
  const UnbalancedFunctions& unbalanced;
  const Testimony& testimony;
};

/// A function of a group. Groups name theirs by rising start.
struct Member {
  const Function* function = nullptr;
  bool is_entry = false;                         ///< its start is entered like a function
  bool is_called = false;                        ///< an instruction calls its start
  std::span<const std::uint64_t> inner_entries;  ///< where else it is entered like a function
};

/// One result for each member. Paths begin at the entries.
[[nodiscard]] std::vector<FunctionStates> derive_states(const Surroundings& surroundings,
                                                        std::span<const Member> group);

/// The same of what matters to other groups alone, which is less work: no states, and remarks of the paths.
[[nodiscard]] std::vector<FunctionStates> derive_for_others(const Surroundings& surroundings,
                                                            std::span<const Member> group);

}  // namespace surefoot::tools
