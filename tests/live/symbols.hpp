// SPDX-License-Identifier: MIT
//
// Names of the running program's functions, from its own ELF file, so that traces can be compared as text.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "surefoot/frame.hpp"

namespace surefoot::testing::live {

/// The name of the function at an address, or its digits.
[[nodiscard]] std::string symbol_at(std::uint64_t address);

/// The names of all frames down to the harness, which is left out. C++ functions are named by where they belong, one
/// name for as many as follow each other: "(test)" or "(runtime)".
[[nodiscard]] std::string names(std::span<const Frame> frames);

}  // namespace surefoot::testing::live
