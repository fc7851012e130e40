// SPDX-License-Identifier: MIT
//
// S2, S3, F7: tracers that come and go while threads, which stand for CPUs and tasks, execute the code that is changed.
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <thread>

#include "harness.hpp"

namespace surefoot::testing::live {
namespace {

using ftrace::ExecutionState;
using ftrace::FtraceFrame;
using ftrace::GracePeriod;
using ftrace::GraphTracer;
using ftrace::RegisterSet;
using ftrace::Tracer;

/// A context with a return stack of its own.
struct Context {
  std::array<ReturnEntry, 64> entries;
  ReturnStack returns{entries};
  ExecutionState state{.returns = &returns};
};

void wait_until(const auto& is_true) {
  while (!is_true()) std::this_thread::yield();
}

void wait(const GracePeriod& period, const Context& context) {
  wait_until([&] { return period.is_over_in(context.state); });
}

class LiveConcurrency : public LiveTest {
 protected:
  LiveConcurrency() {
    syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
    // Where there is no such call the CPUs are emulated, and find changed code by themselves.
    port_.on_synchronize = [] { syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0); };
  }
};

/// Says if it was called after its end, or with registers that nobody saved.
struct MortalTracer : Tracer {
  explicit MortalTracer(RegisterSet registers) : Tracer(&called, {}, registers) {}
  static void called(Tracer& tracer, FtraceFrame& frame) noexcept {
    auto& self = static_cast<MortalTracer&>(tracer);
    const bool has_what_it_wants = self.registers() == RegisterSet::arguments || frame.has_all_registers();
    if (!self.is_alive || !has_what_it_wants) is_wrong = true;
    ++calls;
    std::this_thread::yield();
    if (!self.is_alive) is_wrong = true;
  }
  std::atomic<bool> is_alive = true;
  static inline std::atomic<bool> is_wrong;
  static inline std::atomic<unsigned> calls;
};

struct MortalGraphTracer : GraphTracer {
  MortalGraphTracer() : GraphTracer(&enter, &leave) {}
  static bool enter(GraphTracer& tracer, FtraceFrame&) noexcept {
    if (!static_cast<MortalGraphTracer&>(tracer).is_alive) MortalTracer::is_wrong = true;
    return true;
  }
  static void leave(GraphTracer& tracer, const ReturnEntry&, ftrace::ReturnFrame&) noexcept {
    if (!static_cast<MortalGraphTracer&>(tracer).is_alive) MortalTracer::is_wrong = true;
  }
  std::atomic<bool> is_alive = true;
};

// F7, F9, S2
TEST_F(LiveConcurrency, TracersComeAndGoWhileTheirFunctionsRun) {
  MortalTracer::is_wrong = false;
  MortalTracer::calls = 0;
  std::atomic<bool> is_over = false;
  std::atomic<unsigned> wrong_results = 0;
  std::array<Context, 2> contexts;
  const auto call = [&](Context& context) {
    thread_state = &context.state;
    while (!is_over) {
      if (nested_8() != 8 || traced_leaf(41) != 42) ++wrong_results;
    }
    thread_state = nullptr;
  };
  std::thread first(call, std::ref(contexts[0]));
  std::thread second(call, std::ref(contexts[1]));
  for (unsigned round = 0; round < 40; ++round) {
    const auto arguments = std::make_unique<MortalTracer>(RegisterSet::arguments);
    const auto all = std::make_unique<MortalTracer>(RegisterSet::all);
    const auto graph = std::make_unique<MortalGraphTracer>();
    EXPECT_TRUE(ftrace::register_tracer(*arguments));
    EXPECT_TRUE(ftrace::register_tracer(*all));
    EXPECT_TRUE(ftrace::register_graph_tracer(*graph));
    const unsigned calls = MortalTracer::calls;
    wait_until([&] { return MortalTracer::calls != calls; });
    EXPECT_TRUE(ftrace::unregister_tracer(*all));
    EXPECT_TRUE(ftrace::unregister_graph_tracer(*graph));
    EXPECT_TRUE(ftrace::unregister_tracer(*arguments));
    const GracePeriod period = GracePeriod::begin();
    for (const Context& context : contexts) wait(period, context);
    arguments->is_alive = all->is_alive = graph->is_alive = false;
  }
  is_over = true;
  first.join();
  second.join();
  EXPECT_EQ(wrong_results, 0U);
  EXPECT_FALSE(MortalTracer::is_wrong);
  for (const Context& context : contexts) EXPECT_EQ(context.returns.depth(), 0U);
}

std::atomic<bool> is_inside;
std::atomic<bool> may_leave;
std::atomic<unsigned> calls;

void stay(Tracer&, FtraceFrame&) noexcept {
  ++calls;
  is_inside = true;
  wait_until([] { return may_leave.load(); });
}

/// A thread that calls traced_leaf() once, and is held somewhere on the way.
class HeldCall {
 public:
  explicit HeldCall(Context& context) {
    is_inside = may_leave = false;
    calls = 0;
    thread_ = std::thread([&context] {
      thread_state = &context.state;
      traced_leaf(1);
      thread_state = nullptr;
    });
    wait_until([] { return is_inside.load(); });
  }
  ~HeldCall() { end(); }
  HeldCall(const HeldCall&) = delete;
  HeldCall& operator=(const HeldCall&) = delete;
  void end() {
    may_leave = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::thread thread_;
};

TEST_F(LiveConcurrency, F7_AGracePeriodLastsAsLongAsACallbackThatBeganBeforeIt) {
  Context context;
  Context other;
  Tracer tracer(stay);
  Tracing tracing(tracer);
  HeldCall held(context);
  tracing.stop();
  const GracePeriod period = GracePeriod::begin();
  EXPECT_FALSE(period.is_over_in(context.state));
  EXPECT_TRUE(period.is_over_in(other.state));
  held.end();
  EXPECT_TRUE(period.is_over_in(context.state));
}

TEST_F(LiveConcurrency, F7_AGracePeriodDoesNotWaitForACallbackThatBeganAfterIt) {
  Context context;
  Tracer gone([](Tracer&, FtraceFrame&) noexcept {});
  Tracer tracer(stay);
  Tracing tracing_gone(gone);
  Tracing tracing(tracer);
  tracing_gone.stop();
  const GracePeriod period = GracePeriod::begin();
  HeldCall held(context);
  EXPECT_TRUE(period.is_over_in(context.state));
  EXPECT_FALSE(GracePeriod::begin().is_over_in(context.state));
}

// F7: preempted in the trampoline, in front of the mark. It keeps nobody waiting, and does not find the tracer.
TEST_F(LiveConcurrency, F7_ATaskInTheTrampolineDoesNotCallATracerThatIsGone) {
  Context context;
  Tracer tracer([](Tracer&, FtraceFrame&) noexcept { ++calls; });
  Tracing tracing(tracer);
  on_execution_state = [] {
    is_inside = true;
    wait_until([] { return may_leave.load(); });
  };
  HeldCall held(context);
  tracing.stop();
  EXPECT_TRUE(GracePeriod::begin().is_over_in(context.state));
  held.end();
  EXPECT_EQ(calls, 0U);
}

// S2: the call came by the word that saves the arguments only; the tracer that wants more is registered meanwhile.
TEST_F(LiveConcurrency, S2_ATracerIsNotCalledForACallThatSavedLessThanItWants) {
  Context context;
  Tracer staying(stay);
  static std::atomic<unsigned> with_all;
  with_all = 0;
  Tracer all([](Tracer&, FtraceFrame& frame) noexcept { with_all += frame.has_all_registers() ? 1 : 100; }, {},
             RegisterSet::all);
  Tracing tracing(staying);
  HeldCall held(context);
  Tracing tracing_all(all);
  held.end();
  EXPECT_EQ(with_all, 0U);
  traced_leaf(1);
  EXPECT_EQ(with_all, 1U);
}

cpu_set_t allowed;
unsigned moves;

/// Goes on on another CPU, where there is one.
void move() noexcept {
  const int here = sched_getcpu();
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (cpu == here || !CPU_ISSET(static_cast<unsigned>(cpu), &allowed)) continue;
    cpu_set_t other;
    CPU_ZERO(&other);
    CPU_SET(static_cast<unsigned>(cpu), &other);
    if (sched_setaffinity(0, sizeof(other), &other) == 0 && sched_getcpu() != here) ++moves;
    return;
  }
}

// S3: each callback begins on one CPU and ends on another.
TEST_F(LiveConcurrency, S3_ATaskThatMovesInACallbackReturnsInItsOwnContext) {
  ASSERT_EQ(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
  moves = 0;
  Tracer tracer([](Tracer&, FtraceFrame&) noexcept { move(); });
  GraphTracer graph(
      [](GraphTracer&, FtraceFrame&) noexcept {
        move();
        return true;
      },
      [](GraphTracer&, const ReturnEntry&, ftrace::ReturnFrame&) noexcept { move(); });
  {
    Tracing tracing(tracer);
    Tracing graph_tracing(graph);
    EXPECT_EQ(nested_8(), 8U);
  }
  sched_setaffinity(0, sizeof(allowed), &allowed);
  EXPECT_EQ(moves, CPU_COUNT(&allowed) > 1 ? 24U : 0U);
  EXPECT_EQ(port_.task.in_callback_since, 0U);
  EXPECT_EQ(port_.returns.depth(), 0U);
}

}  // namespace
}  // namespace surefoot::testing::live
