// SPDX-License-Identifier: MIT
//
// Waiting until no callback of an unregistered tracer runs any more.
#pragma once

#include <cstdint>

#include "surefoot/ftrace/port.hpp"

namespace surefoot::ftrace {

/// The time after which a tracer that was unregistered may be freed, changed or registered again: it is over once every
/// context has been seen outside the callbacks that it was in when the period began. The runtime touches a tracer and
/// its filter only between the marks in an ExecutionState that a callback runs. A context that is still in front of the
/// mark, anywhere in a trampoline and preempted or not, will no longer find the tracer (docs/changing-code.md).
///
///   auto done = unregister_tracer(tracer);
///   const GracePeriod period = GracePeriod::begin();
///   for (ExecutionState* state : every_context) {
///     while (!period.is_over_in(*state)) give_way();
///   }
///
/// Every context means all ExecutionStates that the port function may have answered before, those of preempted and
/// blocked tasks too. A context that came later need not be asked, and one that is over stays over.
class GracePeriod {
 public:
  /// Begins after unregister_tracer() or unregister_graph_tracer(). For one caller at a time, as runtime.hpp.
  [[nodiscard]] static GracePeriod begin() noexcept;

  /// True once the context is in no callback that began before the period. Never in the context that asks, if it asks
  /// out of a callback. Any CPU, any context; does not wait.
  [[nodiscard]] bool is_over_in(const ExecutionState& state) const noexcept {
    // Pairs with RecursionGuard: all in one order, what is unlinked, the mark, and the look for tracers.
    const std::uint64_t since = __atomic_load_n(&state.in_callback_since, __ATOMIC_SEQ_CST);
    return since == 0 || since >= epoch_;
  }

 private:
  constexpr explicit GracePeriod(std::uint64_t epoch) noexcept : epoch_(epoch) {}

  std::uint64_t epoch_;
};

}  // namespace surefoot::ftrace
