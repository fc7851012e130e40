// SPDX-License-Identifier: MIT
#include "scenarios/damage.hpp"

namespace demo {

void overwrite(volatile std::uint64_t& word, std::uint64_t value) noexcept { word = value; }

}  // namespace demo
