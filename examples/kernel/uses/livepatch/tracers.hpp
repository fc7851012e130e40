// SPDX-License-Identifier: MIT
//
// Tracers of outer, in which some workers wait: in the trampoline, before and behind the tracers of the patches.
#pragma once

namespace livepatch {

/// Registers both, before any patch. False, after a message, if one is refused.
[[nodiscard]] bool register_tracers() noexcept;
[[nodiscard]] bool unregister_tracers() noexcept;

}  // namespace livepatch
