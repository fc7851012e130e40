// SPDX-License-Identifier: MIT
//
// Walks of made-up chains, by depth, and what one thing more takes: a rewritten return address, an exception.
#pragma once

namespace bench {

void count_walks() noexcept;

}  // namespace bench
