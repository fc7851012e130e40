// SPDX-License-Identifier: MIT
//
// Which functions never return: what follows a call of one is other code, or none.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "elf/image.hpp"
#include "frames/landing_pads.hpp"

namespace surefoot::tools {

/// Addresses of functions, of their PLT entries included.
using NoreturnFunctions = std::unordered_set<std::uint64_t>;

/// By the names that libraries give them, and those of which all paths end in a call of one, or in a loop.
/// A landing pad counts as a way on from the calls before it.
[[nodiscard]] NoreturnFunctions find_noreturn(const Image& image, const LandingPads& landing_pads);

/// True for abort, __cxa_throw and others that C and C++ libraries define so.
[[nodiscard]] bool is_noreturn_name(std::string_view name);

}  // namespace surefoot::tools
