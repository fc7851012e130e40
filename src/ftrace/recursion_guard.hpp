// SPDX-License-Identifier: MIT
//
// Keeps a callback from being traced in its own context, and shows a grace period that it runs.
#pragma once

#include <cstdint>

#include "epoch.hpp"
#include "surefoot/ftrace/port.hpp"

namespace surefoot::ftrace::detail {

/// Marks the context as being in a callback, unless it already is, or has no state. The word is written by its own
/// context only; an interrupt that shares the state finds it either way and leaves it as it was.
///
/// Tracers are looked for after the mark is set, and not touched after it is cleared. The mark and the look are
/// sequentially consistent, as is what a grace period does (unlink, then read the mark): either it reads the mark, or
/// the look finds the tracer unlinked. That is STLR and LDAR, no barrier.
///
/// Always inline: until the mark is set, nothing may be called that could be traced, and the linker might take an
/// inline function from an object file of the kernel that is compiled for tracing.
class RecursionGuard {
 public:
  [[gnu::always_inline]] explicit RecursionGuard(ExecutionState* state) noexcept {
    if (state == nullptr || __atomic_load_n(&state->in_callback_since, __ATOMIC_RELAXED) != 0) return;
    __atomic_store_n(&state->in_callback_since, __atomic_load_n(&epoch, __ATOMIC_ACQUIRE), __ATOMIC_SEQ_CST);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    held_ = state;
  }
  [[gnu::always_inline]] ~RecursionGuard() {
    if (held_ == nullptr) return;
    // Released: what the callback did is done for who then frees its tracer.
    __atomic_store_n(&held_->in_callback_since, 0, __ATOMIC_RELEASE);
  }
  RecursionGuard(const RecursionGuard&) = delete;
  RecursionGuard& operator=(const RecursionGuard&) = delete;

  [[nodiscard, gnu::always_inline]] bool is_held() const noexcept { return held_ != nullptr; }

 private:
  ExecutionState* held_ = nullptr;
};

}  // namespace surefoot::ftrace::detail
