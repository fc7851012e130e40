// SPDX-License-Identifier: MIT
//
// The functions that the image has, compiled with patch sites.
#include "uses/livepatch/functions.hpp"

#include "uses/livepatch/outer_body.hpp"

namespace livepatch {

LIVEPATCH_PATCHABLE void outer(Worker& worker) noexcept { detail::outer_body(worker, 0); }

LIVEPATCH_PATCHABLE void inner(Worker& worker, std::uint64_t argument) noexcept {
  detail::inner_body(worker, argument, 0);
}

LIVEPATCH_PATCHABLE void helper(Worker& worker) noexcept {
  wait(worker);
  asm volatile("" ::: "memory");
}

LIVEPATCH_PATCHABLE void elsewhere(Worker& worker) noexcept {
  if (worker.kind == Kind::untouched) {
    wait(worker);
  } else {
    ask_for_interrupt(worker);
    detail::take_interrupt_here();
  }
  asm volatile("" ::: "memory");
}

}  // namespace livepatch
