// SPDX-License-Identifier: MIT
#include "surefoot/livepatch/runtime.hpp"

#include "surefoot/ftrace/runtime.hpp"

namespace surefoot::livepatch {

std::expected<void, RuntimeError> enable(Patches& patches, Patch& patch) noexcept {
  if (const auto prepared = patches.prepare(patch); !prepared) {
    return std::unexpected(RuntimeError{.refused = prepared.error()});
  }
  // Before any task can be new: a call that is not traced runs the old function.
  if (const auto registered = ftrace::register_tracer(patch); !registered) {
    return std::unexpected(RuntimeError{.refused = {Refusal::not_traced}, .tracing = registered.error()});
  }
  const auto begun = patches.begin(patch);
  if (begun) return {};
  static_cast<void>(ftrace::unregister_tracer(patch));
  return std::unexpected(RuntimeError{.refused = begun.error()});
}

std::expected<void, RuntimeError> release(Patches& patches, Patch& patch) noexcept {
  if (patches.is_applied(patch)) return std::unexpected(RuntimeError{.refused = {Refusal::already_applied}});
  if (const auto done = ftrace::unregister_tracer(patch); !done) {
    return std::unexpected(RuntimeError{.refused = {Refusal::not_traced}, .tracing = done.error()});
  }
  return {};
}

}  // namespace surefoot::livepatch
