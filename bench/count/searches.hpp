// SPDX-License-Identifier: MIT
//
// Finding special ranges and rules, in tables of all sizes, and making the description of a kernel.
#pragma once

namespace bench {

void count_searches() noexcept;
void count_describing() noexcept;

}  // namespace bench
