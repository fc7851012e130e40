// SPDX-License-Identifier: MIT
//
// The walk into a buffer.
#pragma once

#include <cstdint>
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
/// is on included. Terminates after at most max_frames() frames.
[[nodiscard]] Trace walk(const Start& start, const Kernel& kernel, const Task& task, std::span<Frame> frames,
                         Policy policy) noexcept;

/// The same, judged by the kernel's own policy.
[[nodiscard]] inline Trace walk(const Start& start, const Kernel& kernel, const Task& task,
                                std::span<Frame> frames) noexcept {
  return walk(start, kernel, task, frames, kernel.policy());
}

/// The most frames that a walk of the task can find, whatever is in memory: a buffer of this size is never too small.
///
/// A record takes 16 bytes of its stack, and a slot of a frame without a record those up to the caller's sp, a multiple
/// of 16. An exception's saved registers take their size and lead to three frames at most: the interrupted function,
/// the one that a trampoline was about to resume, and its caller by the link register. No byte is used twice: a walk
/// goes up on each stack, and does not come back to one that it has left. The first three frames may come from the
/// start alone.
[[nodiscard]] constexpr std::uint64_t max_frames(const Kernel& kernel, const Task& task) noexcept {
  constexpr std::uint64_t word = 8;
  const std::uint64_t bytes_a_frame = kernel.exception().size < 3 * sizeof(FrameRecord) ? word : sizeof(FrameRecord);
  std::uint64_t frames = 3;
  for (const StackSet* const set : {&task.stacks, &task.cpu_stacks}) {
    for (const Stack& stack : *set) {
      const std::uint64_t size = stack.range.end() - stack.range.start();
      // A slot may be the first word of a stack that begins in the middle of 16 bytes.
      frames += size / bytes_a_frame + size % bytes_a_frame / word;
    }
  }
  return frames;
}

/// The most words that a walk of the task reads of its memory. To begin it reads 8: the type of the exception frame
/// that it starts at, and that frame's record and registers. For each frame it reads 10: the call before its return
/// address, two slots that a rule names and the record that is followed when those do not hold, and of an exception's
/// record the type and four registers.
[[nodiscard]] constexpr std::uint64_t max_reads(const Kernel& kernel, const Task& task) noexcept {
  return 8 + 10 * max_frames(kernel, task);
}

}  // namespace surefoot
