// SPDX-License-Identifier: MIT
//
// The number that each callback is marked with. A grace period begins a new one.
#pragma once

#include <cstdint>

namespace surefoot::ftrace::detail {

/// Never 0: that is the mark of a context in no callback. 64 bits do not wrap.
[[gnu::visibility("hidden")]] extern constinit std::uint64_t epoch;

}  // namespace surefoot::ftrace::detail
