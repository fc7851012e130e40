// SPDX-License-Identifier: MIT
//
// Callbacks, which are stepped like everything else. This file is not compiled for tracing.
#include "sweep/tracers.hpp"

#include "arch/exceptions.hpp"
#include "surefoot/ftrace.hpp"
#include "sweep/return_hook.hpp"
#include "sweep/stepper.hpp"
#include "sweep/traced.hpp"

namespace sweep {
namespace {

using surefoot::ReturnEntry;
using surefoot::ftrace::FtraceFrame;
using surefoot::ftrace::GraphTracer;
using surefoot::ftrace::RegisterSet;
using surefoot::ftrace::ReturnFrame;
using surefoot::ftrace::Tracer;

constinit Action action_of_callbacks = Action::nothing;
constinit bool is_acting = false;
constinit kernel::ExceptionHook brk_hook_before = nullptr;

// The record says where the function resumes; the pc only is what a tracer may change by mistake.
void redirect_if_patched(FtraceFrame& frame, bool is_pc_only) noexcept {
  const std::uint64_t target = replacement_of(frame.function());
  if (target == 0) return;
  Truth& truth = stepper::truth();
  truth.begin_redirect(frame.pc, target, is_pc_only);
  if (is_pc_only) {
    frame.pc = target;
  } else {
    surefoot::ftrace::redirect(frame, target);
  }
  truth.end_redirect(target);
}

void only_act(Tracer&, FtraceFrame&) noexcept { act_in_callback(); }

void redirect(Tracer&, FtraceFrame& frame) noexcept {
  redirect_if_patched(frame, false);
  act_in_callback();
}

void redirect_pc_only(Tracer&, FtraceFrame& frame) noexcept {
  redirect_if_patched(frame, true);
  act_in_callback();
}

void hook(Tracer&, FtraceFrame& frame) noexcept {
  hook_return(frame);
  act_in_callback();
}

bool on_entry(GraphTracer&, FtraceFrame&) noexcept {
  act_in_callback();
  return true;
}

void on_exit(GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept { act_in_callback(); }

constinit Tracer function_tracer(only_act);
constinit Tracer register_tracer(only_act, {}, RegisterSet::all);
constinit Tracer redirecting_tracer(redirect);
constinit Tracer pc_only_tracer(redirect_pc_only);
constinit Tracer hooking_tracer(hook);
constinit GraphTracer graph_tracer(on_entry, on_exit);

struct Tracers {
  const char* name;
  Tracer* function;
  GraphTracer* graph;
};

Tracers tracers_of(Mode mode) noexcept {
  switch (mode) {
    case Mode::off: return {"off", nullptr, nullptr};
    case Mode::function: return {"function", &function_tracer, nullptr};
    case Mode::registers: return {"registers", &register_tracer, nullptr};
    case Mode::graph: return {"graph", nullptr, &graph_tracer};
    case Mode::both: return {"both", &function_tracer, &graph_tracer};
    case Mode::redirect: return {"redirect", &redirecting_tracer, nullptr};
    case Mode::redirect_graph: return {"redirect_graph", &redirecting_tracer, &graph_tracer};
    case Mode::redirect_pc_only: return {"redirect_pc_only", &pc_only_tracer, nullptr};
    case Mode::return_hook: return {"return_hook", &hooking_tracer, nullptr};
    case Mode::return_hook_graph: return {"return_hook_graph", &hooking_tracer, &graph_tracer};
  }
  return {"?", nullptr, nullptr};
}

void on_brk(surefoot::ExceptionFrame& frame) noexcept {
  const HandlerLevels levels{.path = synchronous_path(),
                             .dispatcher = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))};
  step_handler(frame, levels, [] noexcept { calls_plain(1); });
  kernel::step_over(frame);
  frame.pstate &= ~pstate_software_step;  // the instruction behind the BRK is a step as well
}

void act() noexcept {
  switch (action_of_callbacks) {
    case Action::nothing: return;
    case Action::call_traced: calls_plain(2); return;
    case Action::breakpoint: asm volatile("brk #0x70" ::: "memory"); return;
  }
}

}  // namespace

const char* to_string(Mode mode) noexcept { return tracers_of(mode).name; }

bool begin_tracing(Mode mode, Action action) noexcept {
  action_of_callbacks = action;
  brk_hook_before = kernel::set_exception_hook(kernel::ExceptionClass::brk, on_brk);
  const Tracers tracers = tracers_of(mode);
  return (tracers.function == nullptr || surefoot::ftrace::register_tracer(*tracers.function)) &&
         (tracers.graph == nullptr || surefoot::ftrace::register_graph_tracer(*tracers.graph));
}

bool end_tracing(Mode mode) noexcept {
  kernel::set_exception_hook(kernel::ExceptionClass::brk, brk_hook_before);
  const Tracers tracers = tracers_of(mode);
  return (tracers.graph == nullptr || surefoot::ftrace::unregister_graph_tracer(*tracers.graph)) &&
         (tracers.function == nullptr || surefoot::ftrace::unregister_tracer(*tracers.function));
}

void act_in_callback() noexcept {
  // The trampoline of return_hook.hpp is traced in what it calls, and would come here again and again.
  if (is_acting) return;
  is_acting = true;
  act();
  is_acting = false;
}

}  // namespace sweep
