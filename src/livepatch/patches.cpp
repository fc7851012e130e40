// SPDX-License-Identifier: MIT
//
// The stack of patches, and its transitions.
#include "surefoot/livepatch/patches.hpp"

#include "check_patch.hpp"
#include "surefoot/config.hpp"

namespace surefoot::livepatch {
namespace {

std::unexpected<RefusalError> refuse(Refusal refusal) noexcept { return std::unexpected(RefusalError{refusal}); }

}  // namespace

bool Patches::is_applied(const Patch& patch) const noexcept {
  for (const Patch* const applied : applied()) {
    if (applied == &patch) return true;
  }
  return false;
}

// What the new version needs is written before the version: a task that has it finds the rest.
void Patches::aim(std::uint32_t level) noexcept {
  __atomic_store_n(&target_, Version(target().transition() + 1, level).word(), __ATOMIC_RELEASE);
}

std::expected<void, RefusalError> Patches::prepare(Patch& patch) noexcept {
  if (is_applied(patch)) return refuse(Refusal::already_applied);
  if (is_in_transition_) return refuse(Refusal::in_transition);
  if (count_ == stack_.size()) return refuse(Refusal::no_room);
  if (patch.filter_.size() < patch.replacements_.size()) return refuse(Refusal::filter_too_small);
  if (const auto checked = detail::check_replacements(patch.replacements_); !checked) return checked;
  // New code that is in use as another version could not be told from it.
  for (const Patch* const applied : applied()) {
    for (const Replacement& theirs : applied->replacements()) {
      for (std::size_t i = 0; i != patch.replacements_.size(); ++i) {
        const Replacement pair[] = {{.old_code = patch.replacements_[i].new_code,
                                     .new_code = theirs.new_code,
                                     .old_parts = patch.replacements_[i].new_parts,
                                     .new_parts = theirs.new_parts}};
        if (!detail::check_replacements(pair)) return std::unexpected(RefusalError{Refusal::code_in_common, i});
      }
    }
  }
  patch.fill_filter();
  return {};
}

std::expected<void, RefusalError> Patches::begin(Patch& patch) noexcept {
  if (is_applied(patch)) return refuse(Refusal::already_applied);
  if (is_in_transition_) return refuse(Refusal::in_transition);
  if (count_ == stack_.size()) return refuse(Refusal::no_room);
  stack_[count_++] = &patch;
  is_in_transition_ = true;
  patch.set_position(count_);
  aim(count_);
  return {};
}

std::expected<void, RefusalError> Patches::begin_removal(Patch& patch) noexcept {
  if (!is_applied(patch)) return refuse(Refusal::not_applied);
  if (stack_[count_ - 1] != &patch) return refuse(Refusal::not_on_top);
  if (is_in_transition_) return refuse(Refusal::in_transition);
  is_in_transition_ = true;
  aim(count_ - 1);
  return {};
}

std::expected<void, RefusalError> Patches::reverse() noexcept {
  if (!is_in_transition_) return refuse(Refusal::not_in_transition);
  aim(target().level() == count_ ? count_ - 1 : count_);
  return {};
}

std::expected<void, RefusalError> Patches::finish(const Round& round) noexcept {
  if (!is_in_transition_) return refuse(Refusal::not_in_transition);
  if (round.target() != target()) return refuse(Refusal::round_is_outdated);
  if (!round.is_complete()) return refuse(Refusal::tasks_are_left);
  is_in_transition_ = false;
  settled_ = target();
  if (settled_.level() == count_) return {};
  // All tasks are below it. Its tracer is still called, and is not to take a later patch's level for its own.
  stack_[--count_]->set_position(0);
  return {};
}

// The order of the two loads matters: a target that is read after the state is at least as new as the state is. The
// exchange fails only if a round has brought the state up to date meanwhile.
void Patches::cross_boundary(TaskState& state) const noexcept {
  const Version before = state.load();
  const Version now = target();
  if (before != now) static_cast<void>(state.change(before, now));
}

// A task that uses the right functions already takes part in the present transition by its number. Until then, a
// boundary that it is just crossing by an older target could still bring it to the wrong level.
bool Patches::needs_trace(TaskState& state) const noexcept {
  const Version now = target();
  const Version before = state.load();
  if (before == now) return false;
  return is_stale(before) || before.level() != now.level() || !state.change(before, now);
}

}  // namespace surefoot::livepatch
