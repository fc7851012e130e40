// SPDX-License-Identifier: MIT
//
// The patches of this kernel, and how it moves its tasks from one version to another.
#pragma once

#include <cstdint>

#include "surefoot/livepatch.hpp"
#include "uses/livepatch/breakage.hpp"

namespace livepatch {

/// The stack of patches.
[[nodiscard]] surefoot::livepatch::Patches& patches() noexcept;

/// For a task that has nothing patched on its stack, or that thinks so: it looks at its own stack, and is switched.
void pass_safe_point(surefoot::livepatch::TaskState& state) noexcept;

/// The policy of all rounds, and what is wrong with their walks. False, after a message, if a name is not known.
[[nodiscard]] bool prepare_transitions(surefoot::Policy policy, Break fault) noexcept;

/// What the transitions have come to.
struct Totals {
  unsigned transitions = 0;
  unsigned failed = 0;  ///< refused, or with no end
};
[[nodiscard]] const Totals& totals() noexcept;

/// Applies a patch (1 or 2), or takes it back, and lets tasks go on between rounds until all are switched. Prints each
/// round. `is_reversed` turns the transition round after the first round.
void apply(unsigned patch, bool is_reversed = false) noexcept;
void remove(unsigned patch) noexcept;

}  // namespace livepatch
