// SPDX-License-Identifier: MIT
//
// The walk into a buffer.
#pragma once

#include <span>

#include "surefoot/frame.hpp"
#include "surefoot/kernel.hpp"
#include "surefoot/start.hpp"
#include "surefoot/task.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot {

/// The frames that a walk found, the innermost first, and what it thinks of them.
struct Trace {
  std::span<const Frame> frames;
  Verdict verdict;
};

/// Walks from `start` into `frames`. A buffer that is too small gives the first frames and StopReason::truncated.
///
/// Reads the task's stacks, return stacks and activity word, the kernel's description and tables, and what `start` was
/// made from. Needs 528 bytes of stack, no locks, no globals: usable from any context, an NMI and code before the MMU
/// is on included. Terminates: each step consumes bytes of a stack, and a stack that was left is not entered again.
[[nodiscard]] Trace walk(const Start& start, const Kernel& kernel, const Task& task, std::span<Frame> frames,
                         Policy policy) noexcept;

/// The same, judged by the kernel's own policy.
[[nodiscard]] inline Trace walk(const Start& start, const Kernel& kernel, const Task& task,
                                std::span<Frame> frames) noexcept {
  return walk(start, kernel, task, frames, kernel.policy());
}

}  // namespace surefoot
