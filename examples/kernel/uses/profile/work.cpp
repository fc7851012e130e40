// SPDX-License-Identifier: MIT
//
// The tasks, the tracers and the handlers around the jobs. Not compiled for tracing.
#include "uses/profile/work.hpp"

#include <array>

#include "arch/exceptions.hpp"
#include "arch/interrupt_mask.hpp"
#include "console/console.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/ftrace.hpp"

namespace profile {
namespace {

using kernel::ExceptionClass;
using kernel::ExceptionFrame;
using kernel::Task;
using surefoot::ftrace::FtraceFrame;
using surefoot::ftrace::GraphTracer;
using surefoot::ftrace::ReturnFrame;
using surefoot::ftrace::Tracer;

constinit bool is_over = false;

struct Job {
  const char* name;
  void (*round)() noexcept;
  Task* task = nullptr;
};
constinit std::array<Job, 8> jobs{{{"recursion", do_recursion},
                                   {"leaf loops", do_leaf_loops},
                                   {"sorting", do_sorting},
                                   {"requests", do_requests},
                                   {"hand over", do_hand_over},
                                   {"hand over", do_hand_over},
                                   {"breakpoints", do_breakpoints},
                                   {"module", do_module_calls}}};
constinit Task* user_task = nullptr;

[[gnu::noinline]] void job_task(std::uint64_t index) noexcept {
  while (!must_end()) jobs[index].round();
  asm volatile("" ::: "memory");  // no tail call
}

void enter_user_loop(std::uint64_t) noexcept {
  kernel::sched::enter_user(reinterpret_cast<std::uintptr_t>(profile_user_loop));
}

void serve_user(ExceptionFrame& frame) noexcept {
  if (must_end()) kernel::sched::retire_interrupted_task(frame);
}

void serve_breakpoint(ExceptionFrame& frame) noexcept {
  kernel::unmask_interrupts();
  handle_breakpoint();
  kernel::mask_interrupts();
  kernel::step_over(frame);
}

bool accept(GraphTracer&, FtraceFrame&) noexcept { return true; }
void ignore_exit(GraphTracer&, const surefoot::ReturnEntry&, ReturnFrame&) noexcept {}
void ignore_call(Tracer&, FtraceFrame&) noexcept {}

constinit TracedFunctions traced{};
constinit GraphTracer graph_tracer(accept, ignore_exit);
constinit Tracer tracer(ignore_call);

bool start_tracing() noexcept {
  traced = traced_functions();
  graph_tracer.set_filter(traced.hooked);
  tracer.set_filter(traced.traced);
  return register_graph_tracer(graph_tracer).has_value() && register_tracer(tracer).has_value();
}

bool start_jobs() noexcept {
  bool all_good = true;
  for (std::size_t i = 0; i != jobs.size(); ++i) {
    jobs[i].task = kernel::sched::create(jobs[i].name, job_task, i);
    all_good = all_good && jobs[i].task != nullptr;
  }
  user_task = kernel::sched::create("user", enter_user_loop);
  return all_good && user_task != nullptr;
}

}  // namespace

bool must_end() noexcept { return __atomic_load_n(&is_over, __ATOMIC_ACQUIRE); }

bool start_work(const kernel::modules::Module& module) noexcept {
  set_module(module);
  kernel::set_exception_hook(ExceptionClass::svc, serve_user);
  kernel::set_exception_hook(ExceptionClass::brk, serve_breakpoint);
  if (start_tracing() && start_jobs()) return true;
  kernel::console::print("profile: the work cannot be started\n");
  return false;
}

void end_work() noexcept {
  __atomic_store_n(&is_over, true, __ATOMIC_RELEASE);
  for (const Job& job : jobs) kernel::sched::join(*job.task);
  kernel::sched::join(*user_task);
  static_cast<void>(unregister_tracer(tracer));
  static_cast<void>(unregister_graph_tracer(graph_tracer));
}

}  // namespace profile
