// SPDX-License-Identifier: MIT
//
// The loops here are bounded by the number of registered tracers; a tracer is registered once.
#include "tracer_list.hpp"

namespace surefoot::ftrace::detail {
namespace {

// Links are read and written in the one order that RecursionGuard and GracePeriod rely on.
Tracer* follow(Tracer* const& link) noexcept { return __atomic_load_n(&link, __ATOMIC_SEQ_CST); }
void set(Tracer*& link, Tracer* to) noexcept { __atomic_store_n(&link, to, __ATOMIC_SEQ_CST); }

}  // namespace

bool TracerList::contains(const Tracer& tracer) const noexcept {
  const Tracer* at = first_;
  while (at != nullptr && at != &tracer) at = at->next_;
  return at != nullptr;
}

void TracerList::append(Tracer& tracer) noexcept {
  set(tracer.next_, nullptr);
  Tracer** link = &first_;
  while (*link != nullptr) link = &(*link)->next_;
  // Last: who finds the tracer finds it complete.
  set(*link, &tracer);
}

void TracerList::remove(Tracer& tracer) noexcept {
  Tracer** link = &first_;
  while (*link != &tracer) link = &(*link)->next_;
  set(*link, tracer.next_);
}

// Not inlined, even when a program is optimised as a whole: traces of tracers show it.
[[gnu::noinline]] void TracerList::call(FtraceFrame& frame) const noexcept {
  const std::uint64_t function = frame.function();
  for (Tracer* at = follow(first_); at != nullptr; at = follow(at->next_)) {
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
