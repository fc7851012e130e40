// SPDX-License-Identifier: MIT
//
// A panic in functions that a graph tracer hooks: their return addresses are on the return stack. This file is compiled
// with patch sites.
#include <cstdint>

#include "arch/panic.hpp"
#include "surefoot/ftrace.hpp"
#include "uses/panic/kinds.hpp"

namespace panics {
namespace {

using surefoot::ReturnEntry;
using surefoot::ftrace::FtraceFrame;
using surefoot::ftrace::GraphTracer;
using surefoot::ftrace::ReturnFrame;

bool hook_every_call(GraphTracer&, FtraceFrame&) noexcept { return true; }
void look_at_none(GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept {}

constinit GraphTracer tracer(hook_every_call, look_at_none);

}  // namespace

PANIC_FUNCTION void traced_inner() noexcept { kernel::panic("a traced function gives up"); }

PANIC_FUNCTION void traced_outer() noexcept {
  traced_inner();
  stay_on_stack();
}

PANIC_FUNCTION void panic_while_traced() noexcept {
  const std::uint64_t functions[] = {reinterpret_cast<std::uintptr_t>(&traced_outer),
                                     reinterpret_cast<std::uintptr_t>(&traced_inner)};
  tracer.set_filter(functions);
  if (!surefoot::ftrace::register_graph_tracer(tracer)) kernel::panic("the tracer is not registered");
  traced_outer();
  stay_on_stack();
}

}  // namespace panics
