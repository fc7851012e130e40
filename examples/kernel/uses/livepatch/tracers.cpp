// SPDX-License-Identifier: MIT
#include "uses/livepatch/tracers.hpp"

#include <cstdint>

#include "console/console.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/ftrace.hpp"
#include "uses/livepatch/functions.hpp"
#include "uses/livepatch/outer_body.hpp"
#include "uses/livepatch/worker.hpp"

namespace livepatch {
namespace {

using surefoot::ftrace::FtraceFrame;
using surefoot::ftrace::GraphTracer;
using surefoot::ftrace::ReturnFrame;
using surefoot::ftrace::Tracer;

bool is_for(Kind kind) noexcept {
  const Worker* const worker = worker_of(kernel::sched::current());
  return worker != nullptr && worker->kind == kind;
}

void on_call(Tracer&, FtraceFrame&) noexcept {
  if (is_for(Kind::in_tracer)) wait(*worker_of(kernel::sched::current()));
}

// Every call is hooked: the functions that a round finds are those of restored return addresses.
bool on_entry(GraphTracer&, FtraceFrame&) noexcept {
  if (is_for(Kind::in_graph_tracer)) wait(*worker_of(kernel::sched::current()));
  if (is_for(Kind::preempted_in_tracer)) {
    ask_for_interrupt(*worker_of(kernel::sched::current()));
    detail::take_interrupt_here();
  }
  return true;
}

void on_exit(GraphTracer&, const surefoot::ReturnEntry&, ReturnFrame&) noexcept {}

constinit std::uint64_t traced[1]{};
constinit Tracer tracer(on_call);
constinit GraphTracer graph_tracer(on_entry, on_exit);

bool is_good(const std::expected<void, surefoot::ftrace::PatchError>& done) noexcept {
  if (!done) kernel::console::print("livepatch: a tracer is refused: ", to_string(done.error()), "\n");
  return done.has_value();
}

}  // namespace

bool register_tracers() noexcept {
  traced[0] = reinterpret_cast<std::uintptr_t>(&outer);
  tracer.set_filter(traced);
  graph_tracer.set_filter(traced);
  return is_good(register_tracer(tracer)) && is_good(register_graph_tracer(graph_tracer));
}

bool unregister_tracers() noexcept {
  const bool is_first_good = is_good(unregister_graph_tracer(graph_tracer));
  return is_good(unregister_tracer(tracer)) && is_first_good;
}

}  // namespace livepatch
