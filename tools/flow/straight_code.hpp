// SPDX-License-Identifier: MIT
//
// Called code that goes straight to its return, as what an outliner has cut out of several functions.
#pragma once

#include <cstdint>

#include "code/registers.hpp"
#include "elf/image.hpp"
#include "flow/declared_ways.hpp"

namespace surefoot::tools {

/// Those of x0 to x8 that a call of the code at `start` leaves as they were. A caller may have something in one of them
/// that no other call would keep, such as its return address (clang's outliner, where x30 is saved nowhere else). None
/// of code that branches, calls, may be exchanged at run time, or has NOPs that a tracer may replace.
[[nodiscard]] RegisterSet kept_by_straight_code(const Image& image, const DeclaredWays& ways, std::uint64_t start);

}  // namespace surefoot::tools
