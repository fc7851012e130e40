// SPDX-License-Identifier: MIT
//
// Which functions never return: what follows a call of one is other code, or none.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "code/flow.hpp"
#include "elf/image.hpp"
#include "flow/declared_ways.hpp"
#include "flow/landing_pads.hpp"

namespace surefoot::tools {

/// Addresses of functions, of their PLT entries included.
struct NoreturnFunctions {
  std::unordered_set<std::uint64_t> never;      ///< those that never return
  std::unordered_set<std::uint64_t> returning;  ///< those in which a path leads to a return instruction
  [[nodiscard]] bool contains(std::uint64_t address) const { return never.contains(address); }
  /// True if a function's last instruction is a call that is meant not to return. A compiler, which also writes CFI,
  /// puts one there only where it knows; an assembler lets it run into what follows.
  [[nodiscard]] bool is_end(const Function& function, const Flow& last) const;
};

/// By the names that libraries give them, where their instructions do not say otherwise, and those of which all paths
/// end in a call of one, or in a loop. A landing pad counts as a way on from the calls before it.
[[nodiscard]] NoreturnFunctions find_noreturn(const Image& image, const LandingPads& landing_pads,
                                              const DeclaredWays& ways);

/// True for abort, __cxa_throw and others that C and C++ libraries define so.
[[nodiscard]] bool is_noreturn_name(std::string_view name);

}  // namespace surefoot::tools
