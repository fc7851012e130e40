// SPDX-License-Identifier: MIT
//
// The profiles: whole walks as kernels make them, begun and ended. The budgets are judged on these; docs/performance.md
// says what each is.
#pragma once

namespace bench {

void count_profiles() noexcept;

}  // namespace bench
