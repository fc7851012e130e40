// SPDX-License-Identifier: MIT
//
// The walk, a few frames at a time, for callers that cannot afford a buffer. walk() (walk.hpp) does all at once.
//
//   surefoot::Cursor cursor(start, context);
//   for (surefoot::Frame frame; cursor.next(frame);) print(frame);
#pragma once

#include <cstddef>
#include <span>

#include "surefoot/context.hpp"
#include "surefoot/detail/walker.hpp"
#include "surefoot/frame.hpp"
#include "surefoot/reader.hpp"
#include "surefoot/start.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot {

/// Walks one chain. Needs no memory but itself and about as much stack; no locks, no globals: usable from any context,
/// an NMI and code before the MMU is on included. Terminates: each step consumes bytes of a stack, and a stack that
/// was left is not entered again.
template <StackReader R = LocalReader>
class Cursor {
 public:
  /// In front of the first frame, or at the end already. `context`, and what `start` was made from, must outlive it.
  Cursor(const Start& start, const Context& context, R reader = R()) noexcept;

  /// Stores the next frames, the callees first, and returns how many: fewer than fit if the walk has ended.
  [[nodiscard]] std::size_t take(std::span<Frame> frames) noexcept;
  /// Stores the next frame. False once the walk has ended, for whatever reason.
  [[nodiscard]] bool next(Frame& frame) noexcept { return take(std::span<Frame>(&frame, 1)) != 0; }
  /// The verdict on all frames so far. Before the end it is unreliable, stopped as truncated.
  [[nodiscard]] Verdict verdict() const noexcept;

 private:
  detail::Walker<R> walker_;
  const TaskActivity* activity_;
};

template <StackReader R>
Cursor<R>::Cursor(const Start& start, const Context& context, R reader) noexcept
    : walker_(context, reader), activity_(start.activity()) {
  walker_.begin(start);
}

template <StackReader R>
std::size_t Cursor<R>::take(std::span<Frame> frames) noexcept {
  const std::uint32_t before = walker_.count();
  walker_.take(frames);
  return walker_.count() - before;
}

template <StackReader R>
Verdict Cursor<R>::verdict() const noexcept {
  return walker_.verdict(activity_);
}

// The running kernel's own walk is compiled once, in cursor.cpp.
extern template class Cursor<LocalReader>;

}  // namespace surefoot
