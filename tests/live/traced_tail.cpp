// SPDX-License-Identifier: MIT
//
// Compiled with -fpatchable-function-entry=2 and with sibling calls: the call below is a branch.
#include "traced.hpp"

[[gnu::noinline]] std::uint64_t traced_tail_caller() { return traced_probe(); }
