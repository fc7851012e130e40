// SPDX-License-Identifier: MIT
//
// Walks of made-up chains, whole: what each gives is checked before it is counted.
#pragma once

namespace bench {

void count_walks() noexcept;

}  // namespace bench
