// SPDX-License-Identifier: MIT
//
// Not inline, and not compiled for tracing: GCC lists the patch site of an inline function once for each file that has
// it, and the linker keeps but one of the copies.
#include "scenarios/damage.hpp"

DEMO_FUNCTION void demo::overwrite(volatile std::uint64_t& word, std::uint64_t value) noexcept { word = value; }
