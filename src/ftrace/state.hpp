// SPDX-License-Identifier: MIT
//
// What is registered. The trampolines have no arguments to carry it in, so it is the runtime's one global object.
#pragma once

#include <cstdint>
#include <span>

#include "surefoot/ftrace/patch_site.hpp"
#include "surefoot/ftrace/tracer.hpp"
#include "tracer_list.hpp"

namespace surefoot::ftrace::detail {

struct State {
  std::span<const std::uint64_t> entries;
  IdleForm idle = IdleForm::two_nops;
  TracerList tracers;
  GraphTracer* graph = nullptr;
};

[[gnu::visibility("hidden")]] extern constinit State state;

}  // namespace surefoot::ftrace::detail
