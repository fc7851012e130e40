// SPDX-License-Identifier: MIT
//
// Not compiled for tracing. A worker is in its place when it is blocked: it blocks nowhere else. Only the main task
// wakes it, and only then.
#include "uses/livepatch/worker.hpp"

#include <array>

#include "arch/exceptions.hpp"
#include "arch/interrupt_mask.hpp"
#include "arch/interrupts.hpp"
#include "memory/address_space.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"
#include "user/system_calls.h"
#include "user/user_program.hpp"
#include "uses/livepatch/functions.hpp"
#include "uses/livepatch/transition.hpp"

namespace livepatch {
namespace {

namespace sched = kernel::sched;

using kernel::TaskState;

// How many there are of each kind.
struct Share {
  Kind kind;
  unsigned count;
  const char* name;
};
constexpr Share shares[kind_count] = {{Kind::blocked, 10, "blocked"},
                                      {Kind::preempted, 10, "preempted"},
                                      {Kind::in_callee, 10, "in_callee"},
                                      {Kind::in_leaf, 8, "in_leaf"},
                                      {Kind::in_tracer, 6, "in_tracer"},
                                      {Kind::in_graph_tracer, 6, "in_graph_tracer"},
                                      {Kind::preempted_in_tracer, 6, "preempted_in_tracer"},
                                      {Kind::in_user, 10, "in_user"},
                                      {Kind::looping, 3, "looping"},
                                      {Kind::untouched, 15, "untouched"},
                                      {Kind::preempted_elsewhere, 16, "preempted_elsewhere"}};
// Those of the last kind are interrupted from one to so many times.
constexpr unsigned most_interrupts = 5;

constinit std::array<Worker, worker_count> all{};
constinit std::array<Worker*, kernel::task_count> worker_of_task{};
// Of tasks that are no workers.
constinit std::array<surefoot::livepatch::TaskState, kernel::task_count> other_states{};

using Flag = std::uint32_t;
constinit Flag is_end = 0;
constinit Flag may_stop_looping = 0;
bool is_set(const Flag& flag) noexcept { return __atomic_load_n(&flag, __ATOMIC_ACQUIRE) != 0; }
void set(Flag& flag, Flag value) noexcept { __atomic_store_n(&flag, value, __ATOMIC_RELEASE); }

// The interrupt that a worker has asked for.
void on_interrupt(kernel::ExceptionFrame&) noexcept {
  ++worker_of(sched::current())->arrivals;
  sched::request_block();
}

// A system call: nothing of the kernel was on the stack.
void on_system_call(kernel::ExceptionFrame& frame) noexcept {
  Worker& worker = *worker_of(sched::current());
  const auto call = kernel::exception_comment(kernel::read_syndrome().esr);
  patches().cross_boundary(worker.state);
  if (is_set(is_end)) return sched::retire_interrupted_task(frame);
  if (call == SYSTEM_CALL_HELLO) {
    outer(worker);
    ask_for_interrupt(worker);  // taken at EL0: it is masked until then
  } else {
    kernel::resume_at(frame, kernel::memory::user_address(kernel::user_program_at()));
  }
}

void loop(Worker& worker) noexcept {
  wait(worker);
  bool is_left = is_set(is_end);
  while (!is_left) {
    outer(worker);
    ++worker.arrivals;
    if (!is_set(may_stop_looping)) continue;
    pass_safe_point(worker.state);
    is_left = true;
  }
}

void run_worker(std::uint64_t number) noexcept {
  Worker& worker = all[number];
  worker_of_task[sched::current().index] = &worker;
  patches().cross_boundary(worker.state);
  if (worker.kind == Kind::in_user) sched::enter_user(kernel::user_program_at());
  while (!is_set(is_end)) {
    if (worker.kind == Kind::looping) {
      loop(worker);
      continue;
    }
    if (worker.kind == Kind::untouched) elsewhere(worker);
    if (worker.kind == Kind::preempted_elsewhere) {
      // The safe point is far: several interrupts come in between.
      for (unsigned left = worker.interrupts; left != 0; --left) elsewhere(worker);
    }
    outer(worker);
    pass_safe_point(worker.state);
  }
}

bool is_in_place(const Worker& worker) noexcept {
  const TaskState state = worker.task->load_state();
  return state == TaskState::blocked || state == TaskState::exited;
}

void wait_until_in_place() noexcept {
  for (const Worker& worker : all) {
    while (!is_in_place(worker)) sched::yield();
  }
}

// Idle tasks that have a CPU switch themselves; the interrupt ends their wait.
void wait_for_idle_tasks() noexcept {
  kernel::smp::call_on_others([](std::uint64_t) {});
  for (unsigned index = 0; index != kernel::task_count; ++index) {
    const kernel::Task& task = sched::at(index);
    if (!sched::is_idle(task)) continue;
    while (task.load_state() == TaskState::running && patches().is_pending(state_of(task))) sched::yield();
  }
}

}  // namespace

std::span<Worker> workers() noexcept { return all; }

const char* to_string(Kind kind) noexcept { return shares[static_cast<unsigned>(kind)].name; }

Worker* worker_of(const kernel::Task& task) noexcept { return worker_of_task[task.index]; }

surefoot::livepatch::TaskState& state_of(const kernel::Task& task) noexcept {
  Worker* const worker = worker_of(task);
  return worker != nullptr ? worker->state : other_states[task.index];
}

[[gnu::noinline]] void wait(Worker& worker) noexcept {
  ++worker.arrivals;
  sched::block();
}

void ask_for_interrupt(Worker&) noexcept {
  kernel::mask_interrupts();
  kernel::interrupts::raise_software_interrupt();
}

bool start_workers() noexcept {
  kernel::set_exception_hook(kernel::ExceptionClass::svc, on_system_call);
  kernel::smp::call_on_all(
      [](std::uint64_t) { kernel::interrupts::set_handler(kernel::interrupts::software_id, on_interrupt); });
  sched::set_idle_hook([]() noexcept { patches().cross_boundary(state_of(sched::current())); });
  unsigned number = 0;
  for (const Share& share : shares) {
    for (unsigned i = 0; i != share.count; ++i, ++number) {
      Worker& worker = all[number];
      worker.kind = share.kind;
      worker.number = number;
      worker.interrupts = static_cast<std::uint8_t>(i % most_interrupts + 1);
      worker.task = sched::create(share.name, run_worker, number);
      if (worker.task == nullptr) return false;
    }
  }
  wait_until_in_place();
  return number == worker_count;
}

void start_looping() noexcept {
  set(may_stop_looping, 0);
  for (Worker& worker : all) {
    if (worker.kind != Kind::looping) continue;
    const std::uint32_t before = __atomic_load_n(&worker.arrivals, __ATOMIC_ACQUIRE);
    sched::wake(*worker.task);
    // It has called outer, and has a CPU beside this one.
    while (__atomic_load_n(&worker.arrivals, __ATOMIC_ACQUIRE) - before < 2 ||
           worker.task->load_state() != TaskState::running) {
      sched::yield();
    }
  }
}

void let_go_on() noexcept {
  set(may_stop_looping, 1);
  for (const Worker& worker : all) {
    if (is_in_place(worker) && patches().is_pending(worker.state)) sched::wake(*worker.task);
  }
  wait_until_in_place();
  wait_for_idle_tasks();
}

void let_all_go_on() noexcept {
  set(may_stop_looping, 1);
  for (const Worker& worker : all) sched::wake(*worker.task);
  wait_until_in_place();
}

void end_workers() noexcept {
  set(is_end, 1);
  for (Worker& worker : all) {
    while (worker.task->load_state() != TaskState::exited) {
      if (worker.task->load_state() == TaskState::blocked) sched::wake(*worker.task);
      sched::yield();
    }
    sched::join(*worker.task);
  }
}

}  // namespace livepatch
