// SPDX-License-Identifier: MIT
//
// What a walk of a case has to find, said without looking at the scene.
#pragma once

#include <string>
#include <vector>

#include "trampoline_scene.hpp"

namespace surefoot::testing {

/// All frames, with all that is to be noticed at each.
[[nodiscard]] std::vector<Frame> expected_frames(const Case& the_case);
/// Under the exact policy. Under the strict one none of these traces is reliable.
[[nodiscard]] bool is_expected_reliable(const Case& the_case);

/// One line for each frame, for comparing with a readable difference.
[[nodiscard]] std::vector<std::string> to_text(const std::vector<Frame>& frames);
[[nodiscard]] bool are_same(const std::vector<Frame>& a, const std::vector<Frame>& b);

}  // namespace surefoot::testing
