// SPDX-License-Identifier: MIT
//
// What the C interface of live patching makes of a C patch: one that asks a function of C for the task's state.
#pragma once

#include "same_values.hpp"
#include "surefoot/c/livepatch.h"
#include "surefoot/livepatch/patch.hpp"
#include "surefoot/livepatch/patches.hpp"
#include "view.hpp"

namespace surefoot::detail {

class CPatch : public livepatch::Patch {
 public:
  CPatch(std::span<const livepatch::Replacement> replacements, std::span<std::uint64_t> filter,
         surefoot_livepatch_current current) noexcept
      : Patch(replacements, filter, ask), ask_in_c_(current) {}

 private:
  static const livepatch::TaskState* ask(const Patch& patch) noexcept {
    return view_as<const livepatch::TaskState>(static_cast<const CPatch&>(patch).ask_in_c_());
  }

  surefoot_livepatch_current ask_in_c_;
};
SUREFOOT_SAME_LAYOUT(surefoot_livepatch_patch, CPatch);
SUREFOOT_SAME_LAYOUT(surefoot_livepatch_patches, livepatch::Patches);
SUREFOOT_SAME_LAYOUT(surefoot_livepatch_task_state, livepatch::TaskState);

[[nodiscard]] inline livepatch::Patch& patch_in(surefoot_livepatch_patch* patch) noexcept {
  return *view_as<CPatch>(patch);
}
[[nodiscard]] inline livepatch::Patches& patches_in(surefoot_livepatch_patches* patches) noexcept {
  return *view_as<livepatch::Patches>(patches);
}

/// True, or false and the reason.
[[nodiscard]] inline bool tell(const livepatch::RefusalError& refused, surefoot_error* error) noexcept {
  if (error != nullptr) *error = {static_cast<std::uint32_t>(refused.code), refused.index};
  return false;
}

}  // namespace surefoot::detail
