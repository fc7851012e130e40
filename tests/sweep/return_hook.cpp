// SPDX-License-Identifier: MIT
#include "sweep/return_hook.hpp"

#include "surefoot/config.hpp"
#include "sweep/tracers.hpp"

namespace {

using surefoot::ReturnEntry;
using surefoot::ReturnStack;
using surefoot::ftrace::ReturnFrame;

// What the trampoline gets in x0 and x1.
struct ExitResult {
  std::uint64_t return_address;
  ReturnStack* returns;
};

ReturnStack& own_return_stack() noexcept { return *surefoot_ftrace_port_execution_state()->returns; }

std::uint64_t hook_address() noexcept { return reinterpret_cast<std::uintptr_t>(&sweep_return_hook); }

}  // namespace

/// Called by sweep_return_hook.
extern "C" ExitResult sweep_return_hook_exit(ReturnFrame* frame) noexcept {
  ReturnStack& returns = own_return_stack();
  const ReturnEntry* const entry = returns.top();
  SUREFOOT_CHECK(entry != nullptr && entry->hook == hook_address() && entry->key == frame->record.fp);
  sweep::act_in_callback();
  return {entry->return_address, &returns};
}

void sweep::hook_return(surefoot::ftrace::FtraceFrame& frame) noexcept {
  const ReturnEntry entry{
      .return_address = frame.lr, .function = frame.function(), .key = frame.fp, .hook = hook_address()};
  if (own_return_stack().push(entry)) frame.lr = entry.hook;
}
