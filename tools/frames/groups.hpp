// SPDX-License-Identifier: MIT
//
// Which functions share code: compilers move what seldom runs into cold parts, with bounds of their own, that are
// entered and left by jumps in the middle.
#pragma once

#include <vector>

#include "elf/image.hpp"
#include "frames/analyze.hpp"

namespace surefoot::tools {

struct Grouping {
  std::vector<Group> groups;
  std::vector<bool> is_entry;  ///< of each function: its start is entered like a function
};

[[nodiscard]] Grouping group_functions(const Image& image, const LandingPads& landing_pads);

}  // namespace surefoot::tools
