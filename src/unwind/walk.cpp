// SPDX-License-Identifier: MIT
//
// The walk. One turn: enter the frame that was found, which tells the rule that holds there; find its caller by that
// rule. To be read from here in the order of the steps: begin.hpp (where it starts), code.hpp (what code a pc is in,
// and its rule), follow.hpp (executing a rule), plain_records.hpp (the fast loop), classify.cpp (the verdict);
// stacks.hpp and returns.hpp hold what the steps know of stacks and of rewritten addresses.
//
// Each step is written once, used once, and made part of the one function that walks: with a function for each, the
// walk would take twice as much of the stack that it walks. take_plain() alone is a function of its own, to have all
// registers for itself.
#include "surefoot/walk.hpp"

#include <new>

#include "begin.hpp"
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
  if (is_doubtful(state.policy, noticed)) doubt_from(state, totals.count);
  // The function of an entry that is skipped or destroyed is missing somewhere after the last one that was matched.
  constexpr Evidence missing = EvidenceBit::return_entry_skipped | EvidenceBit::return_entry_invalid;
  if (noticed.has(missing)) doubt_from(state, totals.matched_through);
  constexpr Evidence matched = EvidenceBit::return_address_hooked | EvidenceBit::return_entry_in_flight;
  if (noticed.has(matched)) totals.matched_through = totals.count + 1;
}

/// One turn of a walk, with all that there is to look at: the next frame becomes the present one, and its caller the
/// next.
SUREFOOT_STEP inline void turn(State& state, Frame* frame) noexcept {
  Next& next = state.next;
  Code code;
  if (next.found != Found::nothing) [[likely]] {
    if (next.found < Found::interrupted) next.pc = state.kernel->pac().strip(next.pc);
    look_closer(state, code);
    *frame = {
        .pc = next.pc, .evidence = next.noticed, .kind = code.kind, .source = next.source, .special = code.special};
    if (!next.noticed.is_empty()) weigh(state);
    next.noticed = {};
    ++state.totals.count;
  }
  find_caller(state, code);
}

/// Stores the next frames.
SUREFOOT_INLINE inline void take(State& state, std::span<Frame> frames) noexcept {
  const std::uint32_t before = state.totals.count;
  Frame* const end = frames.data() + frames.size();
  // Bounded by the buffer, and by the stacks: each turn consumes bytes of one, or leaves it for good.
  while (state.stop == StopReason::truncated) {
    if (may_be_plain(state) && (!has_unused(state) || are_hooks_far(state))) [[likely]] {
      Frame* const out = frames.data() + (state.totals.count - before);
      const bool has_zero =
          state.task->memory == nullptr ? take_plain<false>(state, out, end) : take_plain<true>(state, out, end);
      if (state.stop != StopReason::truncated) break;
      if (has_zero) [[likely]] {
        follow_zero(state, state.next.pc);
        continue;
      }
    }
    Frame* const out = frames.data() + (state.totals.count - before);
    if (out == end && state.next.found != Found::nothing) break;
    turn(state, out);
  }
}

[[nodiscard]] SUREFOOT_INLINE inline Verdict make_verdict(const State& state, const TaskActivity* activity) noexcept {
  const Totals& totals = state.totals;
  Verdict verdict{.policy = state.policy,
                  .stop = state.stop,
                  .evidence = totals.evidence,
                  .first_doubtful = totals.first_doubtful < totals.count ? totals.first_doubtful : totals.count,
                  .stop_at = state.stop == StopReason::truncated ? state.next.fp : state.stop_at};
  // Of a task whose stack was read. All that was read of it was read before the activity is looked at again.
  if (activity != nullptr && state.next.found != Found::nothing) {
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (activity->load() != state.switches) {
      verdict.stop = StopReason::task_moved;
      verdict.stop_at = 0;
      verdict.first_doubtful = 0;
    }
  }
  verdict.reliability = classify(state.policy, verdict.evidence, verdict.stop);
  return verdict;
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
  // The state stays in memory: split up into variables, more of it would be spilled than it takes.
  __asm__ volatile("" : : "r"(&state) : "memory");
  begin(state, start);
  take(state, frames);
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
  const std::uint32_t before = state.totals.count;
  detail::take(state, frames);
  return state.totals.count - before;
}

Verdict Cursor::verdict() const noexcept { return make_verdict(detail::state_in(state_), activity_); }

}  // namespace surefoot
