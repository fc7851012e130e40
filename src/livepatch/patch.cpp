// SPDX-License-Identifier: MIT
//
// What a patch does at the entry of a function that it replaces.
#include "surefoot/livepatch/patch.hpp"

#include <cstddef>

namespace surefoot::livepatch {

const Replacement* Patch::find(std::uint64_t entry) const noexcept {
  for (const Replacement& replacement : replacements_) {
    if (replacement.old_code.start() == entry) return &replacement;
  }
  return nullptr;
}

// The state is read once. It cannot change before the chosen function is on the stack: the task is in a trampoline
// until then, and a round that meets it there leaves it alone (Outcome::entering). Tracers are called in the order in
// which the patches were stacked, so that the newest patch in use has the last word.
void Patch::redirect_call(Tracer& tracer, ftrace::FtraceFrame& frame) noexcept {
  const auto& patch = static_cast<const Patch&>(tracer);
  const TaskState* const state = patch.current_(patch);
  if (state == nullptr) return;
  const std::uint32_t level = state->level();
  const std::uint32_t position = patch.position();
  if (position == 0 || level < position) return;
  const Replacement* const replacement = patch.find(frame.function());
  if (replacement != nullptr) ftrace::redirect(frame, replacement->new_code.start());
}

// Bounded by the number of replacements, which was held against the filter's size.
void Patch::fill_filter() noexcept {
  for (std::size_t i = 0; i != replacements_.size(); ++i) filter_[i] = replacements_[i].old_code.start();
  set_filter(filter_.first(replacements_.size()));
}

}  // namespace surefoot::livepatch
