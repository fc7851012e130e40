// SPDX-License-Identifier: MIT
//
// Code that nothing refers to, in sections of its own: with --gc-sections it goes, and what describes it goes with it.
#include "surefoot/special_function.hpp"

namespace demo {

// An entry in the table of special ranges.
SUREFOOT_SPECIAL_FUNCTION(never_called_special)
void never_called_special() noexcept { SUREFOOT_SPECIAL_RANGE(never_called_special, SUREFOOT_SPECIAL_OTHER); }

// A patch site.
void never_called_traced() noexcept {}

}  // namespace demo
