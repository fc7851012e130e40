// SPDX-License-Identifier: MIT
//
// Walks in hooked functions and in the callbacks of a graph tracer.
#include "harness.hpp"

namespace surefoot::testing::live {
namespace {

using ftrace::FtraceFrame;
using ftrace::GraphTracer;
using ftrace::ReturnFrame;

LiveTrace found;

GraphTracer accepting([](GraphTracer&, FtraceFrame&) noexcept { return true; },
                      [](GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept {});

class LiveGraphWalk : public LiveTest {
 protected:
  LiveGraphWalk() {
    found = {};
    on_probe = [] { capture(found); };
  }
};

void call_on_stack(std::uint64_t (*function)()) {
  run([function] {
    function();
    asm volatile("" ::: "memory");
  });
}

// G1: the restored address is what is looked up, so that a hooked frame is as good as any.
TEST_F(LiveGraphWalk, RestoresTheCallerOfOneFunction) {
  const std::uint64_t only[] = {address_of(traced_probe)};
  accepting.set_filter(only);
  Tracing tracing(accepting);
  call_on_stack(traced_outer);
  expect_reliable(found, EvidenceBit::return_address_hooked);
  EXPECT_EQ(found.names(), "(test) probe traced_probe traced_outer (test)");
  unsigned restored = 0;
  for (const Frame& frame : found.frames) {
    if (frame.source == Source::return_stack) ++restored;
  }
  EXPECT_EQ(restored, 1U);
}

TEST_F(LiveGraphWalk, RestoresTheCallersOfEightFunctions) {
  accepting.set_filter({});
  Tracing tracing(accepting);
  call_on_stack(nested_8);
  expect_reliable(found, EvidenceBit::return_address_hooked);
  EXPECT_EQ(found.names(),
            "(test) probe nested_1 nested_2 nested_3 nested_4 nested_5 nested_6 nested_7 nested_8 (test)");
}

TEST_F(LiveGraphWalk, TellsTheCallsOfARecursionApart) {
  accepting.set_filter({});
  Tracing tracing(accepting);
  run([] {
    traced_recursion(3);
    asm volatile("" ::: "memory");
  });
  expect_reliable(found, EvidenceBit::return_address_hooked);
  EXPECT_EQ(found.names(), "(test) probe traced_recursion traced_recursion traced_recursion traced_recursion (test)");
}

// G8, C6: two entries with one key; the function that made the tail call is rightly not there.
TEST_F(LiveGraphWalk, FollowsATailCallThroughBothEntries) {
  accepting.set_filter({});
  Tracing tracing(accepting);
  call_on_stack(traced_tail_outer);
  expect_reliable(found, EvidenceBit::return_address_hooked);
  EXPECT_EQ(found.names(), "(test) probe traced_probe traced_tail_outer (test)");
}

// G13
TEST_F(LiveGraphWalk, IsReliableWithAFullReturnStack) {
  std::array<ReturnEntry, 3> few;
  ReturnStack returns(few);
  port_.task.returns = &returns;
  accepting.set_filter({});
  Tracing tracing(accepting);
  call_on_stack(nested_8);
  EXPECT_EQ(returns.dropped(), 5U);
  expect_reliable(found, EvidenceBit::return_address_hooked);
  EXPECT_EQ(found.names(),
            "(test) probe nested_1 nested_2 nested_3 nested_4 nested_5 nested_6 nested_7 nested_8 (test)");
}

// F4: the entry callback's chain goes through ftrace_graph_caller. G7: the entry is there, the address is not rewritten
// yet.
TEST_F(LiveGraphWalk, InAnEntryCallbackShowsEveryCallerButIsUnreliable) {
  GraphTracer tracer(
      [](GraphTracer&, FtraceFrame&) noexcept {
        capture(found);
        return true;
      },
      [](GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept {});
  const std::uint64_t only[] = {address_of(traced_probe)};
  tracer.set_filter(only);
  on_probe = nullptr;
  Tracing tracing(tracer);
  call_on_stack(traced_outer);
  expect_unreliable(found, EvidenceBit::in_special_range | EvidenceBit::return_entry_in_flight);
  EXPECT_EQ(found.names(), "(test) (runtime) ftrace_graph_caller traced_probe traced_outer (test)");
}

// G10: P is still on the return stack while exit callbacks run, and the trace shows it.
TEST_F(LiveGraphWalk, InAnExitCallbackShowsEveryCallerButIsUnreliable) {
  GraphTracer tracer([](GraphTracer&, FtraceFrame&) noexcept { return true; },
                     [](GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept { capture(found); });
  const std::uint64_t only[] = {address_of(traced_probe)};
  tracer.set_filter(only);
  on_probe = nullptr;
  Tracing tracing(tracer);
  call_on_stack(traced_outer);
  expect_unreliable(found, EvidenceBit::in_special_range | EvidenceBit::return_address_hooked);
  EXPECT_EQ(found.names(), "(test) (runtime) return_to_handler traced_outer (test)");
}

// G8 and G10: the first exit of a tail call, with both entries still there.
TEST_F(LiveGraphWalk, InTheFirstExitCallbackOfATailCallShowsTheCaller) {
  GraphTracer tracer([](GraphTracer&, FtraceFrame&) noexcept { return true; },
                     [](GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept {
                       if (found.count == 0) capture(found);
                     });
  on_probe = nullptr;
  Tracing tracing(tracer);
  call_on_stack(traced_tail_outer);
  expect_unreliable(found, EvidenceBit::in_special_range | EvidenceBit::return_address_hooked);
  EXPECT_EQ(found.names(), "(test) (runtime) return_to_handler traced_tail_outer (test)");
}

TEST_F(LiveGraphWalk, IsReliableWhereTheEntryCallbackDeclines) {
  GraphTracer declining([](GraphTracer&, FtraceFrame&) noexcept { return false; },
                        [](GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept {});
  Tracing tracing(declining);
  call_on_stack(nested_2);
  expect_reliable(found);
  EXPECT_EQ(found.names(), "(test) probe nested_1 nested_2 (test)");
}

// G2, G3: what a kernel does that hooks returns and then does not give the return stack to the walk.
TEST_F(LiveGraphWalk, WithoutTheReturnStackIsUnreliable) {
  on_probe = [] {
    const Start start = Start::here();
    Task task = live_task();
    task.return_stacks = {};
    const Trace trace = walk(start, live_kernel(), task, found.buffer);
    found.frames = trace.frames;
    found.verdict = trace.verdict;
  };
  const std::uint64_t only[] = {address_of(nested_1)};
  accepting.set_filter(only);
  Tracing tracing(accepting);
  call_on_stack(nested_2);
  expect_unreliable(found, EvidenceBit::in_special_range | EvidenceBit::return_address_unresolved |
                               EvidenceBit::special_code_without_rule);
  EXPECT_EQ(found.names(), "(test) probe nested_1 return_to_handler (test)");
}

}  // namespace
}  // namespace surefoot::testing::live
