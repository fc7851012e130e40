// SPDX-License-Identifier: MIT
//
// What the kernel supplies to the tracing runtime: three functions, found at link time. The first is called on the way
// into a traced function, the others while code is changed: neither they nor anything they call may be traced.
#pragma once

#include <cstdint>

#include "surefoot/return_stack.hpp"

namespace surefoot::ftrace {

/// The tracing state of one context of execution: a task, or a level of interrupt handling that the kernel wants traced
/// on its own. While a callback runs in a context, nothing else is traced in that context. A context that is abandoned
/// in a callback, as by a killed task, begins again with a new ExecutionState.
struct ExecutionState {
  /// Where hooked return addresses go; null leaves functions of this context without graph tracing.
  ReturnStack* returns = nullptr;
  /// Owned by the runtime: not 0 while a callback runs, and then the epoch in which it began (GracePeriod).
  std::uint64_t in_callback_since = 0;
};

}  // namespace surefoot::ftrace

extern "C" {

/// The state of the context that runs now, or null to leave the function alone, as early code and NMIs may want. A
/// hooked function must return in the state in which it was called. Any context, interrupts on or off.
[[gnu::visibility("hidden")]] surefoot::ftrace::ExecutionState* surefoot_ftrace_port_execution_state() noexcept;

/// An address through which the four bytes of the instruction at `code_at` can be written, good until the next call;
/// `code_at` itself if text is writable. Null refuses. Called only by functions of runtime.hpp and patch_site.hpp.
[[gnu::visibility("hidden")]] std::uint32_t* surefoot_ftrace_port_writable_alias(std::uint64_t code_at) noexcept;

/// Returns after every other CPU that may execute the changed code has gone through a context synchronization event
/// since the call, and so executes the code as it is now [arm-arm B2.2.5]. An inter-processor interrupt whose handler
/// executes an ISB does it; a CPU that is off or asleep executes an ISB before it goes on. A kernel with one CPU gives
/// an empty function: the runtime synchronises the CPU that it runs on. Called once for each set of changes, by
/// prepare() and by the functions that register and unregister: they belong where waiting for other CPUs is allowed.
[[gnu::visibility("hidden")]] void surefoot_ftrace_port_synchronize_cpus() noexcept;
}
