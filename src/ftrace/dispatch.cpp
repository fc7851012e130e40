// SPDX-License-Identifier: MIT
//
// What ftrace_call calls.
#include "recursion_guard.hpp"
#include "state.hpp"
#include "surefoot/ftrace/port.hpp"
#include "trampolines.hpp"

void surefoot_ftrace_dispatch(surefoot::ftrace::FtraceFrame* frame) noexcept {
  using namespace surefoot::ftrace;
  const detail::RecursionGuard guard(surefoot_ftrace_port_execution_state());
  if (guard.is_held()) detail::state.tracers.call(*frame);
}
