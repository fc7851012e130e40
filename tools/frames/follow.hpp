// SPDX-License-Identifier: MIT
//
// The paths through one group of functions.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "frames/analyze.hpp"

namespace surefoot::tools {

/// What is known about the image around a group. Refers to what must outlive it.
struct Surroundings {
  const Image& image;
  const NoreturnFunctions& noreturn;
  const LandingPads& landing_pads;
  const Decoder& decoder;
  /// Functions that leave sp or x29 other than they found it.
  const std::unordered_set<std::uint64_t>& unbalanced;
};

struct Member {
  const Function* function = nullptr;
  bool is_entry = false;                         ///< its start is entered like a function
  bool is_called = false;                        ///< an instruction calls its start
  std::span<const std::uint64_t> inner_entries;  ///< where else it is entered like a function
};

/// One result for each member. Paths begin at the entries.
[[nodiscard]] std::vector<Analysis> follow(const Surroundings& surroundings, std::span<const Member> group);

}  // namespace surefoot::tools
