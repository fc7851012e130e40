// SPDX-License-Identifier: MIT
//
// The walk into a buffer.
#pragma once

#include <cstddef>
#include <span>

#include "surefoot/cursor.hpp"

namespace surefoot {

/// The frames that a walk found, the innermost first, and what it thinks of them.
struct Trace {
  std::span<const Frame> frames;
  Verdict verdict;
};

/// Walks from `start` into `frames`. A buffer that is too small gives the first frames and StopReason::truncated. Reads
/// the stacks and the return stack of `context` only. Any context, see Cursor.
template <StackReader R>
[[nodiscard]] Trace walk(const Start& start, const Context& context, std::span<Frame> frames, R reader) noexcept {
  Cursor<R> cursor(start, context, reader);
  std::size_t count = 0;
  // Bounded by the buffer, and by the stacks: see Cursor.
  while (cursor.has_frame() && count < frames.size()) {
    frames[count++] = cursor.frame();
    cursor.advance();
  }
  Verdict verdict = cursor.verdict();
  if (verdict.first_doubtful > count) verdict.first_doubtful = count;  // the doubt is at a frame that did not fit
  return {frames.first(count), verdict};
}

/// The same, of the running kernel's memory.
[[nodiscard]] Trace walk(const Start& start, const Context& context, std::span<Frame> frames) noexcept;

}  // namespace surefoot
