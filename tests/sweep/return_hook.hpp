// SPDX-License-Identifier: MIT
//
// A second mechanism that rewrites return addresses, beside function-graph tracing: a tracer that hooks what it is
// asked to, and a trampoline of its own (hazards K1 to K4).
#pragma once

#include "surefoot/ftrace.hpp"

extern "C" {
/// The trampoline; only its address is used.
[[gnu::visibility("hidden")]] void sweep_return_hook() noexcept;
}

namespace sweep {

/// Makes the function return through sweep_return_hook. For tracers.
void hook_return(surefoot::ftrace::FtraceFrame& frame) noexcept;

}  // namespace sweep
