// SPDX-License-Identifier: MIT
//
// The tracing state of tasks and of interrupt handlers, which the tracing runtime asks for.
#pragma once

#include <span>

#include "sched/task.hpp"
#include "surefoot/return_stack.hpp"

namespace kernel::walks {

/// The return stacks of a task: one, which belongs to its place in the pool.
[[nodiscard]] std::span<const surefoot::ReturnStack* const> return_stacks_of(const Task& task) noexcept;

/// After a tracer was unregistered: waits until no callback that may be one of its own runs on any CPU or in a
/// preempted task. From tasks; `give_way` is called as long as there is one, and has to let others run.
void wait_for_callbacks(void (*give_way)() noexcept) noexcept;

}  // namespace kernel::walks
