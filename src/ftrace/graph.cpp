// SPDX-License-Identifier: MIT
//
// What ftrace_graph_caller and return_to_handler call: the hooking of a return address and the way back to it. The
// return stack's protocol is in return_stack.hpp; the pop is in return_to_handler.
#include "recursion_guard.hpp"
#include "state.hpp"
#include "surefoot/config.hpp"
#include "surefoot/ftrace/port.hpp"
#include "trampolines.hpp"

using namespace surefoot::ftrace;

void surefoot_ftrace_graph_entry(FtraceFrame* frame) noexcept {
  ExecutionState* const context = surefoot_ftrace_port_execution_state();
  const detail::RecursionGuard guard(context);
  if (!guard.is_held() || context->returns == nullptr) return;
  GraphTracer* const tracer = __atomic_load_n(&detail::state.graph, __ATOMIC_SEQ_CST);
  const std::uint64_t function = frame->function();
  // The site may have been patched for another tracer only.
  if (tracer == nullptr || !detail::matches(tracer->filter(), function)) return;

  // The function has neither signed its return address yet nor made its record: what is saved here is what its caller
  // passed, and x29 is still the caller's.
  const std::uint64_t hook = detail::address_of(return_to_handler);
  const surefoot::ReturnEntry entry{.return_address = frame->lr, .function = function, .key = frame->fp, .hook = hook};
  // Before the callback: a tracer is not asked about a call that cannot be followed.
  if (!context->returns->push(entry)) return;
  if (!tracer->on_entry(*frame)) return context->returns->pop();
  frame->lr = hook;
}

detail::ExitResult surefoot_ftrace_exit(ReturnFrame* frame) noexcept {
  ExecutionState* const context = surefoot_ftrace_port_execution_state();
  const detail::RecursionGuard guard(context);
  // A function that was hooked here must find its state again, and its entry on top: there is no other place that
  // tells where to return to.
  SUREFOOT_CHECK(context != nullptr && context->returns != nullptr);
  const std::span<const surefoot::ReturnEntry> entries = context->returns->entries();
  SUREFOOT_CHECK(!entries.empty());
  const surefoot::ReturnEntry& entry = entries.back();
  SUREFOOT_CHECK(entry.hook == detail::address_of(return_to_handler) && entry.key == frame->record.fp);

  GraphTracer* const tracer = __atomic_load_n(&detail::state.graph, __ATOMIC_SEQ_CST);
  if (guard.is_held() && tracer != nullptr) tracer->on_exit(entry, *frame);
  SUREFOOT_CHECK(entry.return_address != 0);
  return {entry.return_address, context->returns};
}
