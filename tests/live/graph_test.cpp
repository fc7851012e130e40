// SPDX-License-Identifier: MIT
//
// Graph tracing on real calls: each accepted entry is followed by its exit, the return stack is empty afterwards, and
// results reach the caller.
#include <csignal>
#include <string>
#include <vector>

#include "harness.hpp"

namespace surefoot::testing::live {
namespace {

using ftrace::FtraceFrame;
using ftrace::GraphTracer;
using ftrace::ReturnFrame;

/// Writes down what happens: "+name" at an entry, "-name" at an exit.
struct RecordingTracer : GraphTracer {
  explicit RecordingTracer(ftrace::FunctionFilter filter = {}) : GraphTracer(&enter, &leave, filter) {}

  static bool enter(GraphTracer& tracer, FtraceFrame& frame) noexcept {
    auto& self = static_cast<RecordingTracer&>(tracer);
    self.events += "+" + symbol_at(frame.function()) + " ";
    return frame.function() != self.declined;
  }
  static void leave(GraphTracer& tracer, const ReturnEntry& entry, ReturnFrame& frame) noexcept {
    auto& self = static_cast<RecordingTracer&>(tracer);
    self.events += "-" + symbol_at(entry.function) + " ";
    self.result = frame.x[0];
    if (self.replaced_result != 0) frame.x[0] = self.replaced_result;
  }

  std::string events;
  std::uint64_t declined = 0;
  std::uint64_t result = 0;
  std::uint64_t replaced_result = 0;
};

class LiveGraph : public LiveTest {
 protected:
  // The protocol's end state: no slot in use, and none of them valid.
  ~LiveGraph() override {
    EXPECT_EQ(port_.returns.depth(), 0U);
    for (const ReturnEntry& entry : port_.entries) EXPECT_EQ(entry.return_address, 0U);
  }
};

TEST_F(LiveGraph, ReportsEntryAndExitOfOneFunction) {
  RecordingTracer tracer;
  Tracing tracing(tracer);
  EXPECT_EQ(traced_leaf(41), 42U);
  EXPECT_EQ(tracer.events, "+traced_leaf -traced_leaf ");
  EXPECT_EQ(tracer.result, 42U);
}

TEST_F(LiveGraph, MayChangeAResult) {
  RecordingTracer tracer;
  tracer.replaced_result = 5;
  Tracing tracing(tracer);
  EXPECT_EQ(traced_leaf(41), 5U);
}

TEST_F(LiveGraph, NestsEightFunctions) {
  RecordingTracer tracer;
  Tracing tracing(tracer);
  EXPECT_EQ(nested_8(), 8U);
  EXPECT_EQ(tracer.events,
            "+nested_8 +nested_7 +nested_6 +nested_5 +nested_4 +nested_3 +nested_2 +nested_1 "
            "-nested_1 -nested_2 -nested_3 -nested_4 -nested_5 -nested_6 -nested_7 -nested_8 ");
}

TEST_F(LiveGraph, FollowsOnlyWhatItsFilterNames) {
  const std::uint64_t some[] = {address_of(nested_3), address_of(nested_6)};
  RecordingTracer tracer(some);
  Tracing tracing(tracer);
  EXPECT_EQ(nested_8(), 8U);
  EXPECT_EQ(tracer.events, "+nested_6 +nested_3 -nested_3 -nested_6 ");
}

TEST_F(LiveGraph, FollowsRecursion) {
  RecordingTracer tracer;
  Tracing tracing(tracer);
  EXPECT_EQ(traced_recursion(2), 2U);
  EXPECT_EQ(tracer.events,
            "+traced_recursion +traced_recursion +traced_recursion "
            "-traced_recursion -traced_recursion -traced_recursion ");
}

// G8, C6
TEST_F(LiveGraph, ReturnsThroughBothEntriesOfATailCall) {
  RecordingTracer tracer;
  Tracing tracing(tracer);
  EXPECT_EQ(traced_tail_outer(), 8U);
  EXPECT_EQ(
      tracer.events,
      "+traced_tail_outer +traced_tail_caller +traced_probe -traced_probe -traced_tail_caller -traced_tail_outer ");
}

TEST_F(LiveGraph, LeavesAloneWhatTheEntryCallbackDeclines) {
  RecordingTracer tracer;
  tracer.declined = address_of(nested_2);
  Tracing tracing(tracer);
  EXPECT_EQ(nested_3(), 3U);
  EXPECT_EQ(tracer.events, "+nested_3 +nested_2 +nested_1 -nested_1 -nested_3 ");
}

// G13
TEST_F(LiveGraph, LeavesFunctionsAloneAndCountsThemWhenTheReturnStackIsFull) {
  std::array<ReturnEntry, 3> few;
  ReturnStack returns(few);
  port_.task.returns = &returns;
  RecordingTracer tracer;
  Tracing tracing(tracer);
  EXPECT_EQ(nested_8(), 8U);
  EXPECT_EQ(tracer.events, "+nested_8 +nested_7 +nested_6 -nested_6 -nested_7 -nested_8 ");
  EXPECT_EQ(returns.dropped(), 5U);
  EXPECT_EQ(returns.depth(), 0U);
}

TEST_F(LiveGraph, LeavesContextsWithoutAReturnStackAlone) {
  port_.task.returns = nullptr;
  RecordingTracer tracer;
  Tracing tracing(tracer);
  EXPECT_EQ(traced_leaf(1), 2U);
  EXPECT_EQ(tracer.events, "");
}

TEST_F(LiveGraph, DoesNotTraceItsOwnCallbacks) {
  static unsigned calls;
  calls = 0;
  GraphTracer tracer(
      [](GraphTracer&, FtraceFrame&) noexcept {
        traced_leaf(++calls);
        return true;
      },
      [](GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept { traced_leaf(++calls); });
  Tracing tracing(tracer);
  EXPECT_EQ(traced_leaf(1), 2U);
  EXPECT_EQ(calls, 2U);
}

TEST_F(LiveGraph, LetsHookedFunctionsReturnAfterItsEnd) {
  static Tracing<RecordingTracer>* tracing;
  RecordingTracer tracer;
  Tracing scope(tracer);
  tracing = &scope;
  on_probe = [] { tracing->stop(); };
  EXPECT_EQ(nested_2(), 2U);
  EXPECT_EQ(tracer.events, "+nested_2 +nested_1 ");
}

// As after a fault in a callback that the kernel recovered from, further up: the context still counts as in a callback.
TEST_F(LiveGraph, LeavesOutTheExitInAContextThatIsInACallback) {
  RecordingTracer tracer;
  Tracing tracing(tracer);
  on_probe = [] { port->task.in_callback_since = 1; };
  EXPECT_EQ(nested_2(), 2U);
  EXPECT_EQ(tracer.events, "+nested_2 +nested_1 ");
  EXPECT_EQ(port_.task.in_callback_since, 1U);
}

#if SUREFOOT_OPT_CHECKS
// G19: the newest entry is another call's. A return by it would go elsewhere.
class LiveGraphDeath : public LiveTest {
 protected:
  /// Calls a hooked function, and lets `damage` see its entry before it returns.
  static void return_after(void (*damage)(ReturnEntry&)) {
    static void (*present)(ReturnEntry&);
    present = damage;
    RecordingTracer tracer;
    Tracing tracing(tracer);
    on_probe = [] { present(port->entries[port->returns.depth() - 1]); };
    traced_probe();
  }
};

TEST_F(LiveGraphDeath, RefusesAnEntryOfAnotherRecord) {
  EXPECT_EXIT(return_after([](ReturnEntry& entry) { entry.key += 16; }), ::testing::KilledBySignal(SIGTRAP), "");
}

TEST_F(LiveGraphDeath, RefusesAnEntryOfAnotherHook) {
  EXPECT_EXIT(return_after([](ReturnEntry& entry) { entry.hook += 4; }), ::testing::KilledBySignal(SIGTRAP), "");
}

TEST_F(LiveGraphDeath, RefusesToReturnToAddressZero) {
  EXPECT_EXIT(return_after([](ReturnEntry& entry) { entry.return_address = 0; }), ::testing::KilledBySignal(SIGTRAP),
              "");
}
#endif

TEST_F(LiveGraph, WorksBesideATracer) {
  static std::string order;
  order.clear();
  ftrace::Tracer function_tracer([](ftrace::Tracer&, FtraceFrame&) noexcept { order += "f"; });
  GraphTracer graph_tracer(
      [](GraphTracer&, FtraceFrame&) noexcept {
        order += "+";
        return true;
      },
      [](GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept { order += "-"; });
  Tracing tracing(function_tracer);
  Tracing graph_tracing(graph_tracer);
  EXPECT_EQ(nested_2(), 2U);
  EXPECT_EQ(order, "f+f+--");
}

}  // namespace
}  // namespace surefoot::testing::live
