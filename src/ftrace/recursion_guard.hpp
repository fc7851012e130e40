// SPDX-License-Identifier: MIT
//
// Keeps a callback from being traced in its own context.
#pragma once

#include <cstdint>

#include "surefoot/ftrace/port.hpp"

namespace surefoot::ftrace::detail {

/// Marks the context as being in a callback, unless it already is, or has no state. The word is written by its own
/// context only; an interrupt that shares the state finds it either way and leaves it as it was.
///
/// Always inline: until the mark is set, nothing may be called that could be traced, and the linker might take an
/// inline function from an object file of the kernel that is compiled for tracing.
class RecursionGuard {
 public:
  [[gnu::always_inline]] explicit RecursionGuard(ExecutionState* state) noexcept {
    if (state == nullptr || __atomic_load_n(&state->is_in_callback, __ATOMIC_RELAXED) != 0) return;
    __atomic_store_n(&state->is_in_callback, 1, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    held_ = state;
  }
  [[gnu::always_inline]] ~RecursionGuard() {
    if (held_ == nullptr) return;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    __atomic_store_n(&held_->is_in_callback, 0, __ATOMIC_RELAXED);
  }
  RecursionGuard(const RecursionGuard&) = delete;
  RecursionGuard& operator=(const RecursionGuard&) = delete;

  [[nodiscard, gnu::always_inline]] bool is_held() const noexcept { return held_ != nullptr; }

 private:
  ExecutionState* held_ = nullptr;
};

}  // namespace surefoot::ftrace::detail
