// SPDX-License-Identifier: MIT
//
// What the parts of the scheduler share.
#pragma once

#include "arch/spin_lock.hpp"
#include "sched/task.hpp"

namespace kernel::sched {

/// Over the states of all tasks and the idle tasks of all CPUs.
extern constinit SpinLock lock;

/// A new task in a state of off the CPU; null if the pool is full. Requires the lock.
[[nodiscard]] Task* create_in(const char* name, TaskFunction function, std::uint64_t argument,
                              TaskState state) noexcept;

/// Tells walks of the task where its stack is.
void describe_stack(Task& task) noexcept;

/// Turns the running code, with the stack that it is on, into this task.
void adopt_task(Task& task) noexcept;

/// A task has become ready: a CPU that is idle is told to look for it. Requires the lock.
void offer_ready_task() noexcept;

}  // namespace kernel::sched
