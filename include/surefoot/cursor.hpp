// SPDX-License-Identifier: MIT
//
// The walk, a few frames at a time, for callers that cannot afford a buffer. walk() (walk.hpp) does all at once.
//
//   surefoot::Cursor cursor(start, kernel, task);
//   for (surefoot::Frame frame; cursor.next(frame);) print(frame);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/frame.hpp"
#include "surefoot/kernel.hpp"
#include "surefoot/start.hpp"
#include "surefoot/task.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot {

/// Walks one chain. Needs no memory but itself and about as much stack; otherwise like walk(): any context.
class Cursor {
 public:
  /// In front of the first frame, or at the end already. All arguments, and what `start` was made from, must outlive
  /// it.
  Cursor(const Start& start, const Kernel& kernel, const Task& task, Policy policy) noexcept;
  Cursor(const Start& start, const Kernel& kernel, const Task& task) noexcept
      : Cursor(start, kernel, task, kernel.policy()) {}

  /// Stores the next frames, the callees first, and returns how many: fewer than fit if the walk has ended.
  [[nodiscard]] std::size_t take(std::span<Frame> frames) noexcept;
  /// Stores the next frame. False once the walk has ended, for whatever reason.
  [[nodiscard]] bool next(Frame& frame) noexcept { return take(std::span<Frame>(&frame, 1)) != 0; }
  /// The verdict on all frames so far. Before the end it is unreliable, stopped as truncated.
  [[nodiscard]] Verdict verdict() const noexcept;

 private:
  // The state of the walk, which is the library's own (src/unwind/state.hpp).
  alignas(std::uint64_t) std::byte state_[176];
  const TaskActivity* activity_;
};

}  // namespace surefoot
