// SPDX-License-Identifier: MIT
//
// What this kernel tells a walk: the surefoot::Context of a task, seen from itself or from another.
#pragma once

#include "sched/task.hpp"
#include "surefoot/surefoot.hpp"

namespace demo {

/// Checks and keeps what is the same for all tasks: the text range, the special ranges, the patch sites, the frame
/// table, the PAC mask. Once, at the start, after surefoot::ftrace::initialize(). False, and a message for each, if a
/// linked table was refused.
[[nodiscard]] bool initialize_contexts() noexcept;

/// A task that is off the CPU: it has its own stack only.
[[nodiscard]] const surefoot::Context& blocked_context(const kernel::Task& task) noexcept;

}  // namespace demo
