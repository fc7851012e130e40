// SPDX-License-Identifier: MIT
//
// Who runs next. One CPU: with interrupts masked, nothing else touches the state below. What stands on the stack of a
// task that is off the CPU is kept out of line, so that its trace is the same whatever the compiler thinks of inlining.
#include "sched/scheduler.hpp"

#include <cstdint>

#include "arch/interrupt_mask.hpp"
#include "arch/panic.hpp"
#include "devices/generic_timer.hpp"
#include "memory/stacks.hpp"
#include "surefoot/config.hpp"

namespace kernel {
namespace {

constinit Task* running = nullptr;
constinit Task* switched_from = nullptr;  // until the task that was switched to has told it so
constinit bool is_preemption_requested = false;

extern "C" void kernel_switch_context(TaskContext& from, const TaskContext& to) noexcept;

// The next ready task after the running one, in the order of the pool; null if there is none.
Task* find_ready() noexcept {
  for (unsigned distance = 1; distance <= task_count; ++distance) {
    Task& candidate = sched::at((running->index + distance) % task_count);
    if (candidate.state == TaskState::ready) return &candidate;
  }
  return nullptr;
}

// The other half of a switch, on the new task's side: only now are all registers of the old one saved.
void finish_switch() noexcept {
  if (switched_from == nullptr) return;
  switched_from->activity.leave_cpu();
  switched_from = nullptr;
}

// Requires interrupts masked, and that the running task's state says what has become of it. Not inlined, nor is the
// next one: a trace of a task that is off the CPU then shows the same functions whatever the compiler.
[[gnu::noinline]] void switch_to(Task& next) noexcept {
  Task& previous = *running;
  next.state = TaskState::running;
  if (&next == &previous) return;
  running = &next;
  switched_from = &previous;
  next.activity.enter_cpu();
  kernel_switch_context(previous.context, next.context);
  finish_switch();
}

// Requires interrupts masked. The running task is not ready: someone else has to be, by an interrupt if need be. The
// interrupt is taken here, on this task's stack, between the two changes of the mask.
[[gnu::noinline]] void switch_away() noexcept {
  Task* next = find_ready();
  while (next == nullptr) {
    if (!generic_timer::is_armed()) panic("every task is blocked, and no timer is running");
    wait_for_interrupt();
    unmask_interrupts();
    instruction_barrier();
    mask_interrupts();
    next = find_ready();
  }
  switch_to(*next);
}

}  // namespace

void sched::adopt_boot_task() noexcept {
  running = &at(0);
  running->name = "main";
  running->state = TaskState::running;
  running->activity.enter_cpu();
}

Task& sched::current() noexcept { return *running; }

[[gnu::noinline]] void sched::yield() noexcept {
  const InterruptsMasked masked;
  Task* const next = find_ready();
  if (next == nullptr) return;
  running->state = TaskState::ready;
  switch_to(*next);
}

[[gnu::noinline]] void sched::block() noexcept {
  const InterruptsMasked masked;
  if (!running->has_wake_up) {
    running->state = TaskState::blocked;
    switch_away();
  }
  running->has_wake_up = false;
}

void sched::wake(Task& task) noexcept {
  const InterruptsMasked masked;
  task.has_wake_up = true;
  if (task.state == TaskState::blocked) task.state = TaskState::ready;
}

void sched::exit() noexcept {
  mask_interrupts();
  if (running->index == 0) panic("the main task has exited");
  running->state = TaskState::exited;
  if (running->waiting != nullptr) wake(*running->waiting);
  switch_away();
  panic("an exited task runs");
}

void sched::request_preemption() noexcept { is_preemption_requested = true; }

/// Called by the IRQ entry paths after the handler, on the interrupted task's own stack, with interrupts masked.
extern "C" void kernel_preempt() noexcept {
  if (!is_preemption_requested) return;
  is_preemption_requested = false;
  // A task that waits in switch_away is not running: it looks for itself who is ready.
  if (running->state == TaskState::running) sched::yield();
}

/// The first C++ function of a new task. Comes out of a switch that began in another task.
extern "C" void kernel_task_begin() noexcept {
  finish_switch();
  unmask_system_errors();
  unmask_interrupts();
  running->function(running->argument);
}

/// Called where a task's function has returned, or would have.
extern "C" [[noreturn]] void kernel_task_exit() noexcept { sched::exit(); }

}  // namespace kernel
