// SPDX-License-Identifier: MIT
//
// Tasks on all CPUs: round robin, by consent (yield, block) or from an interrupt (preemption). Any CPU may take any
// task that is ready. What a task's stack looks like when it is off the CPU differs in the two cases: a preempted one
// has an exception frame in its chain.
#pragma once

#include <cstdint>

#include "arch/exception_frame.hpp"
#include "sched/task.hpp"

namespace kernel::sched {

/// Turns the running code, with the stack that it is on, into task 0.
void adopt_boot_task() noexcept;

/// What a CPU does when no task is ready for it: waits for interrupts, in a task that no other CPU takes. Makes that
/// task, which begins when this CPU switches to it, or, on a CPU that is to be started, by become_idle(). Once for each
/// CPU; null if the pool is full. A CPU without one, which has to be the only one, waits in the task that ran last.
[[nodiscard]] Task* create_idle(unsigned cpu) noexcept;

/// Turns the running code into the idle task of this CPU, on whose stack it is.
[[noreturn]] void become_idle() noexcept;

/// A new task, ready to run; null if the pool is full. It ends when its function returns.
[[nodiscard]] Task* create(const char* name, TaskFunction function, std::uint64_t argument = 0) noexcept;

/// The running task. Right for as long as that task runs, wherever it is moved to.
[[nodiscard]] Task& current() noexcept;
/// True for the idle task of any CPU.
[[nodiscard]] bool is_idle(const Task& task) noexcept;
/// The task at `index` in the pool, whatever its state. Requires index < task_count.
[[nodiscard]] Task& at(unsigned index) noexcept;

/// Lets the other ready tasks run before this one runs on.
void yield() noexcept;

/// Stops the running task until someone calls wake() for it; a wake() that came since the last block() counts. Where no
/// task is ready the CPU waits for an interrupt; with no interrupt to come either, it is a panic.
void block() noexcept;

/// Makes a blocked task ready. From tasks and from interrupt handlers.
void wake(Task& task) noexcept;

/// Waits for the task to exit, and gives its place and its stack back.
void join(Task& task) noexcept;

[[noreturn]] void exit() noexcept;

/// For an interrupt handler: when it is done, the interrupted task gives the CPU to another ready one.
void request_preemption() noexcept;

/// For an interrupt handler: when it is done, the interrupted task waits, at EL1 or at EL0, until someone calls wake()
/// for it. Not for an idle task, nor where the interrupted code holds a lock.
void request_block() noexcept;

/// Lets the idle task of each CPU call this between two turns of its loop, where nothing that it has called is left;
/// null for nothing. A CPU that waits makes its next turn after an interrupt.
void set_idle_hook(void (*hook)() noexcept) noexcept;

/// Preempts the running task of this CPU every `ticks` of the system counter, from now on. Owns its timer until
/// stop_time_slices.
void start_time_slices(std::uint32_t ticks) noexcept;
void stop_time_slices() noexcept;

/// For an exception hook: when it returns, the interrupted task exits instead of running on, at EL1 or at EL0, whatever
/// the state of its stack. Until then the stack's content stays as it is, for the hook to look at. Not for task 0, and
/// not for an exception in an interrupt handler.
void retire_interrupted_task(ExceptionFrame& frame) noexcept;

/// Runs `pc` at EL0 with the page of stack that EL0 has, in the place of the running task: its frames are given up.
[[noreturn]] void enter_user(std::uint64_t pc) noexcept;

}  // namespace kernel::sched
