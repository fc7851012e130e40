// SPDX-License-Identifier: MIT
//
// The loops here are bounded by the number of registered tracers; a tracer is registered once.
#include "tracer_list.hpp"

namespace surefoot::ftrace::detail {

bool TracerList::contains(const Tracer& tracer) const noexcept {
  const Tracer* at = first_;
  while (at != nullptr && at != &tracer) at = at->next_;
  return at != nullptr;
}

void TracerList::append(Tracer& tracer) noexcept {
  __atomic_store_n(&tracer.next_, nullptr, __ATOMIC_RELAXED);
  Tracer** link = &first_;
  while (*link != nullptr) link = &(*link)->next_;
  // Last: who finds the tracer finds it complete.
  __atomic_store_n(link, &tracer, __ATOMIC_SEQ_CST);
}

void TracerList::remove(Tracer& tracer) noexcept {
  Tracer** link = &first_;
  while (*link != &tracer) link = &(*link)->next_;
  __atomic_store_n(link, tracer.next_, __ATOMIC_SEQ_CST);
}

void TracerList::call(FtraceFrame& frame) const noexcept {
  const std::uint64_t function = frame.function();
  for (Tracer* at = __atomic_load_n(&first_, __ATOMIC_SEQ_CST); at != nullptr;
       at = __atomic_load_n(&at->next_, __ATOMIC_SEQ_CST)) {
    // A call that came by the old word of its site has saved less than a newer tracer wants.
    const bool has_what_it_wants = at->registers_ == RegisterSet::arguments || frame.has_all_registers();
    if (has_what_it_wants && matches(at->filter_, function)) at->callback_(*at, frame);
  }
}

SiteMode TracerList::mode_for(std::uint64_t function) const noexcept {
  SiteMode mode = SiteMode::idle;
  for (const Tracer* at = first_; at != nullptr; at = at->next_) {
    if (!matches(at->filter_, function)) continue;
    if (at->registers_ == RegisterSet::all) return SiteMode::call_with_all_registers;
    mode = SiteMode::call;
  }
  return mode;
}

}  // namespace surefoot::ftrace::detail
