// SPDX-License-Identifier: MIT
//
// The walk into a buffer.
#pragma once

#include <cstddef>
#include <span>

#include "surefoot/detail/walker.hpp"

namespace surefoot {

/// The frames that a walk found, the innermost first, and what it thinks of them.
struct Trace {
  std::span<const Frame> frames;
  Verdict verdict;
};

/// Walks from `start` into `frames`. A buffer that is too small gives the first frames and StopReason::truncated. Reads
/// the stacks and the return stack of `context` only. Any context, see Cursor.
template <StackReader R>
[[nodiscard, gnu::always_inline]] inline Trace walk(const Start& start, const Context& context, std::span<Frame> frames,
                                                    R reader) noexcept {
  detail::Walker<R> walker(context, reader);
  walker.begin(start);
  walker.take(frames);
  return {frames.first(walker.count()), walker.verdict(start.activity())};
}

/// The same, of the running kernel's memory.
[[nodiscard]] Trace walk(const Start& start, const Context& context, std::span<Frame> frames) noexcept;

}  // namespace surefoot
