// SPDX-License-Identifier: MIT
//
// F7, F9, S2: the list of tracers and the grace period, without the trampolines, on the memory of the machine that the
// test runs on.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "ftrace/recursion_guard.hpp"
#include "ftrace/tracer_list.hpp"
#include "surefoot/ftrace/grace_period.hpp"

namespace surefoot::ftrace {
namespace {

using detail::RecursionGuard;
using detail::TracerList;

/// The words of a function with its patch site, and frames of calls of it.
class Function {
 public:
  [[nodiscard]] FtraceFrame frame(std::uint64_t flags = 0) const {
    FtraceFrame frame{};
    frame.site_and_flags = reinterpret_cast<std::uintptr_t>(words_.data() + words_.size()) | flags;
    return frame;
  }
  [[nodiscard]] FtraceFrame frame_with_all_registers() const { return frame(SUREFOOT_FTRACE_FRAME_HAS_ALL_REGISTERS); }
  [[nodiscard]] std::uint64_t entry() const { return frame().function(); }

 private:
  alignas(8) std::array<std::uint32_t, 4> words_{};
};

struct CountingTracer : Tracer {
  explicit CountingTracer(RegisterSet registers = RegisterSet::arguments, FunctionFilter filter = {})
      : Tracer([](Tracer& self, FtraceFrame&) noexcept { ++static_cast<CountingTracer&>(self).calls; }, filter,
               registers) {}
  unsigned calls = 0;
};

// F9
TEST(TracerList, F9_WantsAllRegistersAsLongAsOneTracerDoes) {
  const Function function;
  CountingTracer all(RegisterSet::all);
  CountingTracer arguments;
  TracerList list;
  list.append(all);
  list.append(arguments);
  EXPECT_EQ(list.mode_for(function.entry()), SiteMode::call_with_all_registers);
  list.remove(all);
  EXPECT_EQ(list.mode_for(function.entry()), SiteMode::call);
  list.append(all);
  EXPECT_EQ(list.mode_for(function.entry()), SiteMode::call_with_all_registers);
  list.remove(arguments);
  list.remove(all);
  EXPECT_EQ(list.mode_for(function.entry()), SiteMode::idle);
}

// S2: a call that came by the old word of its site.
TEST(TracerList, S2_CallsNobodyWhoWantsMoreThanWasSaved) {
  const Function function;
  CountingTracer all(RegisterSet::all);
  CountingTracer arguments;
  TracerList list;
  list.append(all);
  list.append(arguments);
  FtraceFrame frame = function.frame();
  list.call(frame);
  EXPECT_EQ(all.calls, 0U);
  EXPECT_EQ(arguments.calls, 1U);
  frame = function.frame_with_all_registers();
  list.call(frame);
  EXPECT_EQ(all.calls, 1U);
  EXPECT_EQ(arguments.calls, 2U);
}

TEST(GracePeriod, F7_IsOverAtOnceWhereNoCallbackRuns) {
  const ExecutionState state;
  EXPECT_TRUE(GracePeriod::begin().is_over_in(state));
}

TEST(GracePeriod, F7_WaitsForACallbackThatBeganBeforeItAndForNoOther) {
  ExecutionState state;
  auto guard = std::make_optional<RecursionGuard>(&state);
  const GracePeriod first = GracePeriod::begin();
  EXPECT_FALSE(first.is_over_in(state));
  guard.reset();
  EXPECT_TRUE(first.is_over_in(state));
  guard.emplace(&state);
  EXPECT_TRUE(first.is_over_in(state));
  const GracePeriod second = GracePeriod::begin();
  EXPECT_TRUE(first.is_over_in(state));
  EXPECT_FALSE(second.is_over_in(state));
}

// An interrupt that shares the state of what it interrupted.
TEST(GracePeriod, F7_IsNotEndedByAGuardThatIsNotHeld) {
  ExecutionState state;
  const RecursionGuard outer(&state);
  const GracePeriod period = GracePeriod::begin();
  {
    const RecursionGuard inner(&state);
    EXPECT_FALSE(inner.is_held());
  }
  EXPECT_FALSE(period.is_over_in(state));
}

/// One that is called after its end says so.
struct MortalTracer : Tracer {
  MortalTracer()
      : Tracer([](Tracer& self, FtraceFrame&) noexcept {
          const std::atomic<bool>& lives = static_cast<MortalTracer&>(self).is_alive;
          if (!lives.load(std::memory_order_relaxed)) is_wrong = true;
          std::this_thread::yield();  // preempted in the callback
          if (!lives.load(std::memory_order_relaxed)) is_wrong = true;
        }) {}
  std::atomic<bool> is_alive = true;
  static inline std::atomic<bool> is_wrong;
};

// What surefoot_ftrace_dispatch() does, on two CPUs, while a third adds and removes tracers.
TEST(GracePeriod, F7_EndsAfterTheLastCallOnAnyCpu) {
  const Function function;
  TracerList list;
  std::array<ExecutionState, 2> states;
  std::atomic<bool> is_over = false;
  std::vector<std::thread> cpus;
  for (ExecutionState& state : states) {
    cpus.emplace_back([&] {
      FtraceFrame frame = function.frame();
      while (!is_over.load(std::memory_order_relaxed)) {
        const RecursionGuard guard(&state);
        if (guard.is_held()) list.call(frame);
      }
    });
  }
  MortalTracer::is_wrong = false;
  // Each has memory of its own: one that is called after its end must not be found to be the next.
  std::vector<MortalTracer> tracers(100);
  for (MortalTracer& tracer : tracers) {
    list.append(tracer);
    std::this_thread::yield();
    list.remove(tracer);
    const GracePeriod period = GracePeriod::begin();
    for (const ExecutionState& state : states) {
      while (!period.is_over_in(state)) std::this_thread::yield();
    }
    tracer.is_alive = false;
  }
  is_over = true;
  for (std::thread& cpu : cpus) cpu.join();
  EXPECT_FALSE(MortalTracer::is_wrong);
}

}  // namespace
}  // namespace surefoot::ftrace
