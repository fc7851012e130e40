// SPDX-License-Identifier: MIT
//
// The body of every version of outer. Expanded in it, so that an interrupt that it takes is taken in that function.
#pragma once

#include "arch/interrupt_mask.hpp"
#include "arch/interrupts.hpp"
#include "uses/livepatch/functions.hpp"
#include "uses/livepatch/worker.hpp"

namespace livepatch::detail {

/// The interrupt after which the scheduler blocks the worker is taken at one of these instructions.
[[gnu::always_inline]] inline void take_interrupt_here() noexcept {
  kernel::unmask_interrupts();
  asm volatile("nop" ::: "memory");
}

[[gnu::always_inline]] inline void outer_body(Worker& worker, unsigned version) noexcept {
  switch (worker.kind) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Kind::blocked: wait(worker); break;
    case Kind::preempted:
      ask_for_interrupt(worker);
      take_interrupt_here();
      break;
    case Kind::in_callee: helper(worker); break;
    case Kind::in_leaf:
      ask_for_interrupt(worker);
      livepatch_leaf();
      kernel::unmask_interrupts();
      break;
    case Kind::in_tracer:
    case Kind::in_graph_tracer:
    case Kind::preempted_in_tracer:
    case Kind::in_user:
    case Kind::looping:
    case Kind::untouched:
    case Kind::preempted_elsewhere: break;
  }
  inner(worker, encode(argument_of(worker), version));
  asm volatile("" ::: "memory");  // no tail call: outer stays on the stack
}

}  // namespace livepatch::detail
