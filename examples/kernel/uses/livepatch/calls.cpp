// SPDX-License-Identifier: MIT
//
// The counts that inner keeps. Not compiled for tracing.
#include "uses/livepatch/functions.hpp"
#include "uses/livepatch/worker.hpp"

namespace livepatch {
namespace {

constinit Calls all_calls{};

}  // namespace

Calls calls() noexcept { return all_calls; }

void detail::count_call(unsigned version, bool is_right) noexcept {
  __atomic_fetch_add(is_right ? &all_calls.right[version] : &all_calls.mixed, 1, __ATOMIC_RELAXED);
}

std::uint64_t detail::argument_of(const Worker& worker) noexcept { return worker.number + 1; }

}  // namespace livepatch
