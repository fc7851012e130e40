// SPDX-License-Identifier: MIT
//
// The patches of a kernel, one on top of the other, and the switching of its tasks from one version to the next.
//
// The promise: no call chain of a task uses two versions of a patched function, as long as the kernel does what is
// required here. A task is switched by a reliable trace without the functions, at a boundary, or not at all.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/livepatch/patch.hpp"
#include "surefoot/livepatch/refusal.hpp"
#include "surefoot/livepatch/report.hpp"
#include "surefoot/livepatch/task_state.hpp"
#include "surefoot/walk.hpp"

namespace surefoot::livepatch {

/// Level n means that the lowest n patches of the stack are in use; of several patches of one function the newest of
/// those runs. A transition moves all tasks between two neighbouring levels, and there is one at a time.
///
/// Every function is for one caller at a time, in task context, which the kernel serialises by one lock; the exceptions
/// are marked *any time*. Nothing allocates, and nothing waits.
class Patches {
 public:
  /// `storage` has a place for each patch that may be applied at a time, and stays in place.
  constexpr explicit Patches(std::span<Patch*> storage) noexcept : stack_(storage) {}
  Patches(const Patches&) = delete;
  Patches& operator=(const Patches&) = delete;

  /// Checks a patch and the state of the stack, and writes the patch's filter. Changes nothing else.
  [[nodiscard]] std::expected<void, RefusalError> prepare(Patch& patch) noexcept;
  /// Begins the transition to a patch that was prepared and whose tracer is registered. Use enable() (runtime.hpp).
  [[nodiscard]] std::expected<void, RefusalError> begin(Patch& patch) noexcept;
  /// Begins the transition that takes the newest patch out of use.
  [[nodiscard]] std::expected<void, RefusalError> begin_removal(Patch& patch) noexcept;
  /// Turns the transition round: the tasks go back to where they came from. May be repeated.
  [[nodiscard]] std::expected<void, RefusalError> reverse() noexcept;

  /// A look at all tasks: add() what switch_task() finds of each.
  [[nodiscard]] Round begin_round(std::span<std::uint32_t> in_replacement = {}) const noexcept {
    return Round(target(), in_replacement);
  }
  /// True if the task needs a trace to be switched. Otherwise it is up to date, or has just been made so.
  [[nodiscard]] bool needs_trace(TaskState& state) const noexcept;
  /// Switches the task if its trace says that it is safe.
  ///
  /// Requires that the trace begins where the task is, and that the task cannot run from before the walk began until
  /// this has returned: it is off the CPU, and the lock under which the scheduler chooses tasks is held; or it is the
  /// running task, with a walk from the function that makes this call; or its CPU is kept in an interrupt handler. The
  /// form with an activity word checks the first of these (SUREFOOT_CHECK).
  [[nodiscard]] Finding switch_task(TaskState& state, const Trace& trace) const noexcept;
  [[nodiscard]] Finding switch_task(TaskState& state, const Trace& trace, const TaskActivity& activity) const noexcept;
  /// Ends the transition. Requires that the round saw every task that existed when it began, and that each task made
  /// since then crosses a boundary before it calls anything.
  [[nodiscard]] std::expected<void, RefusalError> finish(const Round& round) noexcept;

  /// The task uses the newest version from now on. For a task that has no kernel frames: one that starts, enters from
  /// EL0 or returns there; and for an idle task between two turns of its loop. By the task itself, before anything that
  /// is patched is called. *Any time*; two loads if there is nothing to do.
  void cross_boundary(TaskState& state) const noexcept;
  /// True if the task has still to be switched. *Any time.*
  [[nodiscard]] bool is_pending(const TaskState& state) const noexcept { return state.load() != target(); }

  /// Where all tasks are, or are going to. *Any time.*
  [[nodiscard]] Version target() const noexcept {
    return Version::from_word(__atomic_load_n(&target_, __ATOMIC_ACQUIRE));
  }
  /// The patch that tasks are being switched to or from; null when there is no transition.
  [[nodiscard]] const Patch* in_transition() const noexcept { return is_in_transition_ ? stack_[count_ - 1] : nullptr; }
  /// True if the patch is in the stack, in transition or not.
  [[nodiscard]] bool is_applied(const Patch& patch) const noexcept;
  /// The patches in the stack, the oldest first. The newest may be in transition.
  [[nodiscard]] std::span<Patch* const> applied() const noexcept { return std::span(stack_).first(count_); }

 private:
  enum class Place : std::uint8_t { elsewhere, other_version, entry };

  void aim(std::uint32_t level) noexcept;
  // True if the state was not brought along by the transition before: what such a task calls is not known.
  [[nodiscard]] bool is_stale(Version version) const noexcept {
    return !is_in_transition_ || version.transition() < settled_.transition();
  }
  [[nodiscard]] Place place_of(const Replacement& replacement, const Frame& frame, bool is_chosen) const noexcept;
  [[nodiscard]] Finding find_function(const Trace& trace) const noexcept;

  std::span<Patch*> stack_;
  std::uint32_t count_ = 0;
  bool is_in_transition_ = false;
  std::uint64_t target_ = 0;
  Version settled_{};  // what all tasks had when the last transition ended
};

}  // namespace surefoot::livepatch
