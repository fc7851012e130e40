// SPDX-License-Identifier: MIT
//
// What witnesses cost: plain frames again, with each of them.
#pragma once

namespace bench {

void count_witnesses() noexcept;

}  // namespace bench
