// SPDX-License-Identifier: MIT
//
// Which functions share code: compilers move what seldom runs into cold parts, with bounds of their own, that are
// entered and left by jumps in the middle.
#pragma once

#include <vector>

#include "elf/image.hpp"
#include "flow/declared_ways.hpp"
#include "flow/states.hpp"

namespace surefoot::tools {

struct Grouping {
  std::vector<Group> groups;
  std::vector<bool> is_entry;   ///< of each function: its start is entered like a function
  std::vector<bool> is_called;  ///< of each function: an instruction calls its start, or somebody says so
  /// Where else a call leads, or a symbol of a function is: by rising address, none twice.
  std::vector<std::uint64_t> inner_entries;
};

/// `functions` by rising start.
[[nodiscard]] Grouping group_functions(const Image& image, const std::vector<Function>& functions,
                                       const LandingPads& landing_pads, const DeclaredWays& ways);

/// Code outside of all functions of the image that they jump to, from there to where it jumps back; as functions
/// without a name.
[[nodiscard]] std::vector<Function> find_veneers(const Image& image);

}  // namespace surefoot::tools
