// SPDX-License-Identifier: MIT
//
// Patches and their tracers, together, in the one order that is safe. AArch64 only: the tracing runtime is.
#pragma once

#include <expected>

#include "surefoot/ftrace/patch_site.hpp"
#include "surefoot/livepatch/patches.hpp"

namespace surefoot::livepatch {

/// Why a patch was not enabled or released. `tracing` counts if the refusal is not_traced.
struct RuntimeError {
  RefusalError refused;
  ftrace::PatchError tracing{};
};

/// Registers the patch's tracer and begins the transition to it. Under the lock of Patches and that of the tracing
/// runtime (ftrace/runtime.hpp). On an error nothing is changed, but a tracer that the runtime refused may have been
/// called: wait a GracePeriod before it is freed.
[[nodiscard]] std::expected<void, RuntimeError> enable(Patches& patches, Patch& patch) noexcept;

/// Unregisters the tracer of a patch that is out of the stack (Patches::finish). Afterwards wait a
/// ftrace::GracePeriod before the patch is freed, changed or enabled again. Refused as already_applied while it is in
/// the stack.
[[nodiscard]] std::expected<void, RuntimeError> release(Patches& patches, Patch& patch) noexcept;

}  // namespace surefoot::livepatch
