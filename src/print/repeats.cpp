// SPDX-License-Identifier: MIT
//
// Finds frames that repeat others, so that a recursion takes a few lines on a console.
#include "surefoot/print.hpp"

namespace surefoot {
namespace {

constexpr std::size_t longest_period = 8;

// True if the two frames are printed alike, but for their numbers.
bool are_alike(const Trace& trace, std::size_t a, std::size_t b) noexcept {
  const Frame& first = trace.frames[a];
  const Frame& second = trace.frames[b];
  const std::size_t first_doubtful = trace.verdict.first_doubtful;
  return first.pc == second.pc && first.kind == second.kind && first.source == second.source &&
         first.evidence == second.evidence && first.special == second.special &&
         (a >= first_doubtful) == (b >= first_doubtful);
}

}  // namespace

Repeat find_repeat(const Trace& trace, std::size_t index) noexcept {
  const std::size_t count = trace.frames.size();
  for (std::size_t period = 1; period <= longest_period && period <= index; ++period) {
    std::size_t end = index;
    while (end < count && are_alike(trace, end - period, end)) ++end;
    const std::size_t frame_count = (end - index) / period * period;
    // A line in place of a single frame would save nothing.
    if (frame_count > 1) return {.period = period, .frame_count = frame_count};
  }
  return {};
}

}  // namespace surefoot
