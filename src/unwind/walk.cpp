// SPDX-License-Identifier: MIT
//
// The walk. One turn: enter the frame that was found, which tells the rule that holds there; find its caller by that
// rule. To be read from here in the order of the steps: begin.hpp (where it starts), code.hpp (what code a pc is in,
// and its rule), follow.hpp (executing a rule), plain_records.hpp (the fast loop), classify.hpp (the verdict);
// stacks.hpp and returns.hpp hold what the steps know of stacks and of rewritten addresses.
//
// What every walk does, to begin, to take plain frames and to judge, is part of walk() itself: a call of each would
// take as long as eight frames. What few walks do is apart, in functions that work on the state in memory.
#include "surefoot/walk.hpp"

#include <new>

#include "begin.hpp"
#include "classify.hpp"
#include "code.hpp"
#include "follow.hpp"
#include "plain_records.hpp"
#include "state.hpp"
#include "surefoot/cursor.hpp"

namespace surefoot {
namespace detail {

/// Weighs what was noticed at the frame that is entered.
SUREFOOT_STEP inline void weigh(State& state) noexcept {
  const Evidence noticed = state.next.noticed;
  Totals& totals = state.totals;
  totals.evidence |= noticed;
  if (shows_doubt(state.policy, noticed)) doubt_from(state, totals.count);
  // The function of an entry that is skipped or destroyed is missing somewhere after the last one that was matched.
  constexpr Evidence missing = EvidenceBit::return_entry_skipped | EvidenceBit::return_entry_invalid;
  if (noticed.has(missing)) doubt_from(state, totals.matched_through);
  constexpr Evidence matched = EvidenceBit::return_address_hooked | EvidenceBit::return_entry_in_flight;
  if (noticed.has(matched)) totals.matched_through = totals.count + 1;
}

/// The next frame becomes the present one: looks at its code with all that there is to look at, and stores it.
SUREFOOT_STEP inline void enter(State& state, Code& code, Frame* frame) noexcept {
  Next& next = state.next;
  if (next.found < Found::interrupted) next.pc = state.kernel->pac().strip(next.pc);
  look_closer(state, code);
  *frame = {.pc = next.pc, .evidence = next.noticed, .kind = code.kind, .source = next.source, .special = code.special};
  if (!next.noticed.is_empty()) weigh(state);
  next.noticed = {};
  ++state.totals.count;
}

/// Stores the next frames to [out, end). Requires that the walk has not ended.
SUREFOOT_INLINE inline void take(State& state, Frame* out, const Frame* const end) noexcept {
  // Bounded by the buffer, and by the stacks: each turn consumes bytes of one, or leaves it for good.
  do {
    bool has_zero = false;
    if (may_be_plain(state)) [[likely]] {
      const Taken taken = take_plain(state, out, end);
      out = taken.end;
      has_zero = taken.has_zero;
    }
    if (!has_zero) {
      Code code;
      if (state.next.found != Found::nothing) [[likely]] {
        if (out == end) return;
        enter(state, code, out++);
      }
      has_zero = find_caller(state, code);
    }
    if (has_zero) follow_zero(state);
  } while (state.stop == StopReason::truncated);
}

[[nodiscard]] SUREFOOT_INLINE inline Verdict make_verdict(const State& state, const TaskActivity* activity) noexcept {
  const Totals& totals = state.totals;
  StopReason reason = state.stop;
  std::uint64_t stop_at = state.stop_at;
  std::uint32_t first_doubtful = totals.first_doubtful < totals.count ? totals.first_doubtful : totals.count;
  if (reason == StopReason::truncated) [[unlikely]]
    stop_at = state.next.fp;
  // Of a task whose stack was read. All that was read of it was read before the activity is looked at again.
  if (activity != nullptr && state.next.found != Found::nothing) {
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (activity->load() != state.switches) [[unlikely]] {
      reason = StopReason::task_moved;
      stop_at = 0;
      first_doubtful = 0;
    }
  }
  return {.policy = state.policy,
          .reliability = judge(state.policy, totals.evidence, reason),
          .stop = reason,
          .evidence = totals.evidence,
          .first_doubtful = first_doubtful,
          .stop_at = stop_at};
}

namespace {

State& state_in(std::byte* storage) noexcept { return *std::launder(reinterpret_cast<State*>(storage)); }
const State& state_in(const std::byte* storage) noexcept {
  return *std::launder(reinterpret_cast<const State*>(storage));
}

}  // namespace
}  // namespace detail

Trace walk(const Start& start, const Kernel& kernel, const Task& task, std::span<Frame> frames,
           Policy policy) noexcept {
  detail::State state(kernel, task, policy);
  if (begin(state, start)) take(state, frames.data(), frames.data() + frames.size());
  return {frames.first(state.totals.count), make_verdict(state, start.activity())};
}

Cursor::Cursor(const Start& start, const Kernel& kernel, const Task& task, Policy policy) noexcept
    : activity_(start.activity()) {
  static_assert(sizeof(detail::State) <= sizeof state_ && alignof(detail::State) <= alignof(std::uint64_t));
  auto* const state = new (static_cast<void*>(state_)) detail::State(kernel, task, policy);
  begin(*state, start);
}

std::size_t Cursor::take(std::span<Frame> frames) noexcept {
  detail::State& state = detail::state_in(state_);
  if (state.stop != StopReason::truncated) return 0;
  const std::uint32_t before = state.totals.count;
  detail::take(state, frames.data(), frames.data() + frames.size());
  return state.totals.count - before;
}

Verdict Cursor::verdict() const noexcept { return make_verdict(detail::state_in(state_), activity_); }

}  // namespace surefoot
