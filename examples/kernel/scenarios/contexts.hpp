// SPDX-License-Identifier: MIT
//
// What this kernel tells a walk: the surefoot::Context of a task, seen from itself or from another.
#pragma once

#include "sched/task.hpp"
#include "surefoot/surefoot.hpp"

namespace demo {

/// Checks and keeps what is the same for all tasks: the text range, the special ranges, the PAC mask. Once, at the
/// start. False if the linked table of special ranges was refused.
[[nodiscard]] bool initialize_contexts() noexcept;

/// A task that is off the CPU: it has its own stack only.
[[nodiscard]] const surefoot::Context& blocked_context(const kernel::Task& task) noexcept;

}  // namespace demo
