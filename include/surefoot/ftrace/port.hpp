// SPDX-License-Identifier: MIT
//
// What the kernel supplies to the tracing runtime: two functions, found at link time. Both are called on the way into a
// traced function, so neither they nor anything they call may be traced themselves.
#pragma once

#include <cstdint>

#include "surefoot/return_stack.hpp"

namespace surefoot::ftrace {

/// The tracing state of one context of execution: a task, or a level of interrupt handling that the kernel wants traced
/// on its own. While a callback runs in a context, nothing else is traced in that context.
struct ExecutionState {
  /// Where hooked return addresses go; null leaves functions of this context without graph tracing.
  ReturnStack* returns = nullptr;
  /// Owned by the runtime: not 0 while a callback runs.
  std::uint32_t is_in_callback = 0;
};

}  // namespace surefoot::ftrace

extern "C" {

/// The state of the context that runs now, or null to leave the function alone, as early code and NMIs may want. A
/// hooked function must return in the state in which it was called. Any context, interrupts on or off.
[[gnu::visibility("hidden")]] surefoot::ftrace::ExecutionState* surefoot_ftrace_port_execution_state() noexcept;

/// An address through which the four bytes of the instruction at `code_at` can be written, good until the next call;
/// `code_at` itself if text is writable. Null refuses. Called only by functions of runtime.hpp and patch_site.hpp.
[[gnu::visibility("hidden")]] std::uint32_t* surefoot_ftrace_port_writable_alias(std::uint64_t code_at) noexcept;
}
