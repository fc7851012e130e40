// SPDX-License-Identifier: MIT
//
// Finding functions in a symbol table, and reading their names.
#pragma once

namespace bench {

void count_names() noexcept;

}  // namespace bench
