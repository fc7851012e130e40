// SPDX-License-Identifier: MIT
//
// Walks in tracers, and in functions that a tracer has replaced.
#include "harness.hpp"

namespace surefoot::testing::live {
namespace {

using ftrace::FtraceFrame;
using ftrace::RegisterSet;
using ftrace::Tracer;

LiveTrace found;
LiveTrace nested_found;

class LiveTracerWalk : public LiveTest {
 protected:
  LiveTracerWalk() {
    found = {};
    nested_found = {};
  }
};

void call_on_stack(std::uint64_t (*function)()) {
  run([function] {
    function();
    asm volatile("" ::: "memory");
  });
}

// F1: the two records of the trampoline show the traced function and its caller; the return address ftrace_call+4 is
// special.
TEST_F(LiveTracerWalk, ShowsTheFunctionAndItsCallerButIsUnreliable) {
  const std::uint64_t only[] = {address_of(traced_probe)};
  for (const RegisterSet registers : {RegisterSet::arguments, RegisterSet::all}) {
    Tracer tracer([](Tracer&, FtraceFrame&) noexcept { capture(found); }, only, registers);
    Tracing tracing(tracer);
    call_on_stack(traced_outer);
    expect_unreliable(found, EvidenceBit::in_special_range);
    EXPECT_EQ(found.names(), "(test) (runtime) ftrace_call traced_probe traced_outer (test)");
  }
}

TEST_F(LiveTracerWalk, InATracedFunctionIsReliable) {
  Tracer tracer([](Tracer&, FtraceFrame&) noexcept {});
  on_probe = [] { capture(found); };
  Tracing tracing(tracer);
  call_on_stack(traced_outer);
  expect_reliable(found);
  EXPECT_EQ(found.names(), "(test) probe traced_probe traced_outer (test)");
}

// F2, both updated: the trace shows the target, in the tracer and in the target itself.
TEST_F(LiveTracerWalk, ShowsTheTargetOfARedirection) {
  const std::uint64_t only[] = {address_of(traced_probe)};
  Tracer tracer(
      [](Tracer&, FtraceFrame& frame) noexcept {
        redirect(frame, address_of(replacement_probe));
        capture(found);
      },
      only);
  on_probe = [] { capture(nested_found); };
  Tracing tracing(tracer);
  call_on_stack(traced_outer);
  expect_unreliable(found, EvidenceBit::in_special_range);
  EXPECT_EQ(found.names(), "(test) (runtime) ftrace_call replacement_probe traced_outer (test)");
  expect_reliable(nested_found);
  EXPECT_EQ(nested_found.names(), "(test) probe replacement_probe traced_outer (test)");
}

// F2, the saved pc alone: the trace still shows the original, and says that this is not where it goes on.
TEST_F(LiveTracerWalk, NoticesThatTheSavedPcAloneWasChanged) {
  const std::uint64_t only[] = {address_of(traced_probe)};
  Tracer tracer(
      [](Tracer&, FtraceFrame& frame) noexcept {
        frame.pc = address_of(replacement_probe);
        capture(found);
      },
      only);
  Tracing tracing(tracer);
  call_on_stack(traced_outer);
  expect_unreliable(found, EvidenceBit::in_special_range | EvidenceBit::saved_pc_differs);
  EXPECT_EQ(found.names(), "(test) (runtime) ftrace_call traced_probe traced_outer (test)");
}

// F3: a tracer interrupted by code that is traced in a context of its own.
TEST_F(LiveTracerWalk, ShowsTwoTrampolinesInOneChain) {
  static ftrace::ExecutionState interrupt;
  Tracer tracer([](Tracer&, FtraceFrame& frame) noexcept {
    if (frame.function() == address_of(traced_leaf)) return capture(found);
    port->current = &interrupt;
    traced_leaf(1);
    port->current = &port->task;
  });
  Tracing tracing(tracer);
  call_on_stack(traced_probe);
  expect_unreliable(found, EvidenceBit::in_special_range);
  EXPECT_EQ(found.names(), "(test) (runtime) ftrace_call traced_leaf (test) (runtime) ftrace_call traced_probe (test)");
}

// F1 and G1 in one chain.
TEST_F(LiveTracerWalk, RestoresHookedCallersBehindTheTrampoline) {
  const std::uint64_t leaf[] = {address_of(nested_1)};
  Tracer tracer([](Tracer&, FtraceFrame&) noexcept { capture(found); }, leaf);
  ftrace::GraphTracer graph_tracer([](ftrace::GraphTracer&, FtraceFrame&) noexcept { return true; },
                                   [](ftrace::GraphTracer&, const ReturnEntry&, ftrace::ReturnFrame&) noexcept {});
  Tracing tracing(tracer);
  Tracing graph_tracing(graph_tracer);
  call_on_stack(nested_3);
  expect_unreliable(found, EvidenceBit::in_special_range | EvidenceBit::return_address_hooked);
  EXPECT_EQ(found.names(), "(test) (runtime) ftrace_call nested_1 nested_2 nested_3 (test)");
}

}  // namespace
}  // namespace surefoot::testing::live
