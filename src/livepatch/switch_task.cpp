// SPDX-License-Identifier: MIT
//
// Whether a trace lets a task be switched.
#include <cstddef>

#include "surefoot/config.hpp"
#include "surefoot/livepatch/patches.hpp"

namespace surefoot::livepatch {
namespace {

// A landing pad and the two words of the patch site.
constexpr std::uint64_t entry_size = 3 * instruction_size;

// Code in which the function that the next frame shows is being chosen, or has been and does not run yet.
bool chooses_callee(SpecialKind kind) noexcept {
  return kind == SpecialKind::ftrace_trampoline || kind == SpecialKind::ftrace_call ||
         kind == SpecialKind::ftrace_graph_caller;
}

Finding found_at(Outcome outcome, const Trace& trace, std::size_t index) noexcept {
  Finding found{.outcome = outcome, .frame = index};
  if (index < trace.frames.size()) {
    found.pc = trace.frames[index].pc;
    found.is_return_address = trace.frames[index].kind == CodeAddress::Kind::return_address;
  }
  return found;
}

}  // namespace

// Each version but the one that the task would be switched to is a place where it must not be.
Patches::Place Patches::place_of(const Replacement& replacement, const Frame& frame, bool is_chosen) const noexcept {
  const std::uint64_t at = frame.address().lookup();
  const std::uint64_t function = replacement.old_code.start();
  const std::uint32_t level = target().level();
  bool is_in_any = replacement.is_in_old(at);
  bool is_in_right = is_in_any;
  for (const Patch* const patch : applied()) {
    const Replacement* const version = patch->find(function);
    if (version == nullptr) continue;
    const bool is_here = version->is_in_new(at);
    is_in_any = is_in_any || is_here;
    if (patch->position() <= level) is_in_right = is_here;
  }
  if (!is_in_any) return Place::elsewhere;
  // A tail call leaves no frame: in front of the function's first instruction, the arguments may be another version's.
  const bool is_at_entry = AddressRange(function, function + entry_size).contains(at);
  if (is_chosen || is_at_entry) return Place::entry;
  return is_in_right ? Place::elsewhere : Place::other_version;
}

Finding Patches::find_function(const Trace& trace) const noexcept {
  const std::span<const Replacement> replacements = stack_[count_ - 1]->replacements();
  SpecialKind callee = SpecialKind::none;
  for (std::size_t i = 0; i != trace.frames.size(); ++i) {
    const Frame& frame = trace.frames[i];
    // Interrupted on the way to a function that no register and no record names.
    if (frame.special == SpecialKind::veneer && frame.kind == CodeAddress::Kind::exact) {
      return found_at(Outcome::entering, trace, i);
    }
    for (std::size_t j = 0; j != replacements.size(); ++j) {
      const Place place = place_of(replacements[j], frame, chooses_callee(callee));
      if (place == Place::elsewhere) continue;
      Finding found = found_at(place == Place::entry ? Outcome::entering : Outcome::in_function, trace, i);
      found.replacement = static_cast<std::uint32_t>(j);
      return found;
    }
    callee = frame.special;
  }
  return {.outcome = Outcome::switched};
}

Finding Patches::switch_task(TaskState& state, const Trace& trace) const noexcept {
  if (!needs_trace(state)) return {.outcome = Outcome::up_to_date};
  const Verdict& verdict = trace.verdict;
  if (verdict.stop == StopReason::task_running || verdict.stop == StopReason::task_moved) {
    return {.outcome = Outcome::running, .stop = verdict.stop};
  }
  if (!verdict.is_reliable()) {
    Finding found = found_at(Outcome::unreliable, trace, verdict.first_doubtful);
    found.stop = verdict.stop;
    found.evidence = verdict.evidence;
    return found;
  }
  // Without frames it returns to nothing, and is where a boundary is.
  const Version before = state.load();
  const Version now = target();
  if (!trace.frames.empty()) {
    if (is_stale(before)) return {.outcome = Outcome::stale};
    const Finding found = find_function(trace);
    if (found.outcome != Outcome::switched) return found;
  }
  return {.outcome = state.change(before, now) ? Outcome::switched : Outcome::running};
}

Finding Patches::switch_task(TaskState& state, const Trace& trace, const TaskActivity& activity) const noexcept {
  if (!needs_trace(state)) return {.outcome = Outcome::up_to_date};
  const std::uint64_t before = activity.load();
  if (TaskActivity::is_running(before)) return {.outcome = Outcome::running, .stop = StopReason::task_running};
  const Finding found = switch_task(state, trace);
  // It must not have run since: it may have called a function by its old state.
  SUREFOOT_CHECK(activity.load() == before);
  return found;
}

}  // namespace surefoot::livepatch
