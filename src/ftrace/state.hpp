// SPDX-License-Identifier: MIT
//
// What is registered. The trampolines have no arguments to carry it in, so it is the runtime's one global object.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/ftrace/tracer.hpp"
#include "tracer_list.hpp"

namespace surefoot::ftrace::detail {

/// How far the patch sites are. A prepare() that is under way, or that failed, leaves them initialized.
enum class Phase : std::uint8_t { not_initialized, initialized, prepared };

struct State {
  std::span<const std::uint64_t> entries;
  Phase phase = Phase::not_initialized;
  TracerList tracers;
  GraphTracer* graph = nullptr;
};

[[gnu::visibility("hidden")]] extern constinit State state;

}  // namespace surefoot::ftrace::detail
