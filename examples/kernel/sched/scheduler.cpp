// SPDX-License-Identifier: MIT
//
// Who runs next. One lock over the states of all tasks; a task is told by a register of the CPU that it is on. The lock
// is held across a switch: the task that is switched to gives it back. What stands on the stack of a task that is off
// the CPU is kept out of line, so that its trace is the same whatever the compiler thinks of inlining.
#include "sched/scheduler.hpp"

#include <array>
#include <cstdint>

#include "arch/cpu.hpp"
#include "arch/interrupts.hpp"
#include "arch/panic.hpp"
#include "devices/generic_timer.hpp"
#include "memory/stacks.hpp"
#include "sched/lock.hpp"
#include "surefoot/config.hpp"

namespace kernel {

constinit SpinLock sched::lock;

namespace {

// What belongs to a CPU. Its own, with interrupts masked, but for `idle`.
struct Cpu {
  Task* idle = nullptr;
  Task* switched_from = nullptr;  // until the task that was switched to has told it so
  bool is_preemption_requested = false;
  bool is_block_requested = false;
};
constinit std::array<Cpu, cpu::most> cpus{};

using IdleHook = void (*)() noexcept;
constinit IdleHook idle_hook = nullptr;

Cpu& here() noexcept { return cpus[cpu::index()]; }

// One instruction tells the running task, so that a change of CPU cannot come in between [arm-arm, TPIDR_EL1].
void set_current(Task& task) noexcept {
  KERNEL_WRITE_REGISTER("tpidr" KERNEL_LEVEL, reinterpret_cast<std::uintptr_t>(&task));
}

extern "C" void kernel_switch_context(TaskContext& from, const TaskContext& to) noexcept;

// The next ready task after the running one, in the order of the pool; null if there is none.
Task* find_ready() noexcept {
  const unsigned from = sched::current().index;
  for (unsigned distance = 1; distance <= task_count; ++distance) {
    Task& candidate = sched::at((from + distance) % task_count);
    if (candidate.state == TaskState::ready) return &candidate;
  }
  return nullptr;
}

// The other half of a switch, on the new task's side: only now are all registers of the old one saved.
void finish_switch() noexcept {
  Cpu& cpu = here();
  if (cpu.switched_from == nullptr) return;
  cpu.switched_from->activity.leave_cpu();
  cpu.switched_from = nullptr;
}

// Requires the lock, and that the running task's state says what has become of it. Not inlined, nor is the next one: a
// trace of a task that is off the CPU then shows the same functions whatever the compiler.
[[gnu::noinline]] void switch_to(Task& next) noexcept {
  Task& previous = sched::current();
  next.state = TaskState::running;
  if (&next == &previous) return;
  // Of several tasks that became ready at once, each CPU that takes one passes on the news. Not where there is one CPU.
  if (here().idle != nullptr && find_ready() != nullptr) sched::offer_ready_task();
  here().switched_from = &previous;
  if (next.cpu != cpu::index()) ++next.migrations;
  next.cpu = cpu::index();
  set_current(next);
  next.activity.enter_cpu();
  kernel_switch_context(previous.context, next.context);
  finish_switch();
}

// Requires the lock. The running task is not ready: someone else has to be. On a CPU without an idle task, by an
// interrupt if need be, which is taken here, on this task's stack, between the two changes of the mask.
[[gnu::noinline]] void switch_away() noexcept {
  Task* next = find_ready();
  if (next == nullptr) next = here().idle;
  while (next == nullptr) {
    if (!generic_timer::is_armed()) panic("every task is blocked, and no timer is running");
    sched::lock.unlock();
    wait_for_interrupt();
    unmask_interrupts();
    instruction_barrier();
    mask_interrupts();
    sched::lock.lock();
    next = find_ready();
  }
  switch_to(*next);
}

void make_ready(Task& task) noexcept {
  task.has_wake_up = true;
  if (task.state != TaskState::blocked) return;
  task.state = TaskState::ready;
  sched::offer_ready_task();
}

// Waits with interrupts masked: what becomes ready after the look has sent an interrupt, which ends the wait and is
// taken behind it.
void wait_for_ready_task() noexcept {
  const InterruptsMasked masked;
  sched::lock.lock();
  const bool is_any_ready = find_ready() != nullptr;
  sched::lock.unlock();
  if (!is_any_ready) wait_for_interrupt();
}

// The code of idle tasks, which begin ready to be switched away from. They are not preempted (kernel_preempt): off its
// CPU, an idle task has a plain chain.
[[noreturn]] void idle(std::uint64_t) noexcept {
  for (;;) {
    if (const auto hook = __atomic_load_n(&idle_hook, __ATOMIC_ACQUIRE); hook != nullptr) hook();
    sched::yield();
    wait_for_ready_task();
  }
}

}  // namespace

void sched::offer_ready_task() noexcept {
  for (unsigned cpu = 0; cpu != cpu::most; ++cpu) {
    const Task* const idle_task = cpus[cpu].idle;
    if (idle_task == nullptr || idle_task->state != TaskState::running) continue;
    interrupts::send(cpu, interrupts::reschedule_id);
    return;
  }
}

void sched::adopt_task(Task& task) noexcept {
  const Locked locked(lock);
  task.state = TaskState::running;
  task.cpu = cpu::index();
  set_current(task);
  task.activity.enter_cpu();
}

void sched::adopt_boot_task() noexcept {
  at(0).name = "main";
  describe_stack(at(0));
  adopt_task(at(0));
}

Task* sched::create_idle(unsigned cpu) noexcept {
  const Locked locked(lock);
  Task* const task = create_in("idle", idle, 0, TaskState::idle);
  if (task != nullptr) {
    task->cpu = cpu;
    cpus[cpu].idle = task;
  }
  return task;
}

void sched::become_idle() noexcept { idle(0); }

Task& sched::current() noexcept {
  // SAFETY: from adopt_boot_task() on, on each CPU, the register holds the address of a task.
  return *reinterpret_cast<Task*>(KERNEL_READ_REGISTER("tpidr" KERNEL_LEVEL));
}

bool sched::is_idle(const Task& task) noexcept { return &task == cpus[task.cpu].idle; }

[[gnu::noinline]] void sched::yield() noexcept {
  const Locked locked(lock);
  Task* const next = find_ready();
  if (next == nullptr) return;
  Task& task = current();
  task.state = is_idle(task) ? TaskState::idle : TaskState::ready;
  switch_to(*next);
}

[[gnu::noinline]] void sched::block() noexcept {
  const Locked locked(lock);
  Task& task = current();
  if (!task.has_wake_up) {
    task.state = TaskState::blocked;
    switch_away();
  }
  task.has_wake_up = false;
}

void sched::wake(Task& task) noexcept {
  const Locked locked(lock);
  make_ready(task);
}

void sched::exit() noexcept {
  mask_interrupts();
  lock.lock();
  Task& task = current();
  if (task.index == 0) panic("the main task has exited");
  task.state = TaskState::exited;
  if (task.waiting != nullptr) make_ready(*task.waiting);
  switch_away();
  panic("an exited task runs");
}

void sched::request_preemption() noexcept { here().is_preemption_requested = true; }

void sched::request_block() noexcept { here().is_block_requested = true; }

void sched::set_idle_hook(void (*hook)() noexcept) noexcept { __atomic_store_n(&idle_hook, hook, __ATOMIC_RELEASE); }

/// Called by the IRQ entry paths after the handler, on the interrupted task's own stack, with interrupts masked.
extern "C" void kernel_preempt() noexcept {
  const bool is_block_requested = here().is_block_requested;
  const bool is_preemption_requested = here().is_preemption_requested;
  here().is_block_requested = false;
  here().is_preemption_requested = false;
  // A task that waits in switch_away is not running: it looks for itself who is ready. So does an idle task.
  if (sched::current().state != TaskState::running || sched::is_idle(sched::current())) return;
  if (is_block_requested) {
    sched::block();
  } else if (is_preemption_requested) {
    sched::yield();
  }
}

/// The first C++ function of a new task. Comes out of a switch that began in another task.
extern "C" void kernel_task_begin() noexcept {
  finish_switch();
  sched::lock.unlock();
  unmask_system_errors();
  unmask_interrupts();
  sched::current().function(sched::current().argument);
}

/// Called where a task's function has returned, or would have.
extern "C" [[noreturn]] void kernel_task_exit() noexcept { sched::exit(); }

}  // namespace kernel
