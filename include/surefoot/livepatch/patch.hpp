// SPDX-License-Identifier: MIT
//
// A patch: the functions that it replaces, and the tracer that redirects their calls.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/ftrace/tracer.hpp"
#include "surefoot/livepatch/replacement.hpp"
#include "surefoot/livepatch/task_state.hpp"

namespace surefoot::livepatch {

/// A constinit object of the kernel or of a module. All that it refers to stays in place and unchanged from enable()
/// until release() and the grace period after it.
class Patch : public ftrace::Tracer {
 public:
  /// The state of the task that runs now, whatever interrupted it, or null to let the function run as the image has it.
  /// Called at the entry of a replaced function: neither it nor what it calls may be traced. Any context that is
  /// traced.
  using CurrentState = const TaskState* (*)(const Patch& patch) noexcept;

  /// `filter` has room for an entry point for each replacement; the patch fills it when it is enabled.
  constexpr Patch(std::span<const Replacement> replacements, std::span<std::uint64_t> filter,
                  CurrentState current) noexcept
      : Tracer(redirect_call), replacements_(replacements), filter_(filter), current_(current) {}

  [[nodiscard]] constexpr std::span<const Replacement> replacements() const noexcept { return replacements_; }

  /// The level from which on a task's calls use this patch; 0 while it is not in a stack. Any context.
  [[nodiscard]] std::uint32_t position() const noexcept { return __atomic_load_n(&position_, __ATOMIC_ACQUIRE); }

  /// The replacement of the function with this entry point, or null.
  [[nodiscard]] const Replacement* find(std::uint64_t entry) const noexcept;

 private:
  friend class Patches;

  // Runs in the traced context, and decides once for this call. Takes no lock and does not wait.
  static void redirect_call(Tracer& tracer, ftrace::FtraceFrame& frame) noexcept;

  void set_position(std::uint32_t position) noexcept { __atomic_store_n(&position_, position, __ATOMIC_RELEASE); }
  void fill_filter() noexcept;

  std::span<const Replacement> replacements_;
  std::span<std::uint64_t> filter_;
  CurrentState current_;
  std::uint32_t position_ = 0;
};

}  // namespace surefoot::livepatch
