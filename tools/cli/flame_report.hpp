// SPDX-License-Identifier: MIT
//
// What surefoot flame says of a profile in text.
#pragma once

#include <string>

#include "profile/stacks.hpp"
#include "profile/stream.hpp"

namespace surefoot::tools {

/// The shares, what is missing, and the functions that most samples were in.
[[nodiscard]] std::string flame_text(const std::string& file, const Profile& profile, const StackTree& tree);

}  // namespace surefoot::tools
