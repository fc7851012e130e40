// SPDX-License-Identifier: MIT
//
// The tracing state of tasks and of interrupt handlers, which the tracing runtime asks for.
#pragma once

#include "sched/task.hpp"
#include "surefoot/return_stack.hpp"

namespace demo {

/// The return stack that belongs to a place of the pool, and so to the task in it.
[[nodiscard]] surefoot::ReturnStack& return_stack_of(const kernel::Task& task) noexcept;

}  // namespace demo
