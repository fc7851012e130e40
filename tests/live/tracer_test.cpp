// SPDX-License-Identifier: MIT
//
// Function tracers on real calls: who is called, what they see, what they can change.
#include "harness.hpp"

namespace surefoot::testing::live {
namespace {

using ftrace::FtraceFrame;
using ftrace::RegisterSet;
using ftrace::Tracer;

/// Counts its calls and remembers the last one.
struct CountingTracer : Tracer {
  explicit CountingTracer(ftrace::FunctionFilter filter = {}, RegisterSet registers = RegisterSet::arguments)
      : Tracer(&count, filter, registers) {}

  static void count(Tracer& tracer, FtraceFrame& frame) noexcept {
    auto& self = static_cast<CountingTracer&>(tracer);
    ++self.calls;
    self.function = frame.function();
    self.caller = frame.caller();
    self.argument = frame.x[0];
    self.has_all_registers = frame.has_all_registers();
  }

  unsigned calls = 0;
  std::uint64_t function = 0;
  std::uint64_t caller = 0;
  std::uint64_t argument = 0;
  bool has_all_registers = false;
};

using LiveTracer = LiveTest;

TEST_F(LiveTracer, SeesTheFunctionItsArgumentAndItsCaller) {
  const std::uint64_t only[] = {address_of(traced_leaf)};
  CountingTracer tracer(only);
  Tracing tracing(tracer);
  EXPECT_EQ(traced_leaf(41), 42U);
  EXPECT_EQ(tracer.calls, 1U);
  EXPECT_EQ(tracer.function, address_of(traced_leaf));
  EXPECT_EQ(tracer.argument, 41U);
  EXPECT_FALSE(tracer.has_all_registers);
  EXPECT_NE(symbol_at(tracer.caller).find("SeesTheFunction"), std::string::npos) << symbol_at(tracer.caller);
}

TEST_F(LiveTracer, IsNotCalledForFunctionsOutsideItsFilterNorAfterItsEnd) {
  const std::uint64_t only[] = {address_of(traced_leaf)};
  CountingTracer tracer(only);
  Tracing tracing(tracer);
  traced_probe();
  EXPECT_EQ(tracer.calls, 0U);
  traced_leaf(1);
  EXPECT_EQ(tracer.calls, 1U);
  tracing.stop();
  traced_leaf(1);
  EXPECT_EQ(tracer.calls, 1U);
}

TEST_F(LiveTracer, WithoutAFilterSeesEveryFunction) {
  CountingTracer tracer;
  Tracing tracing(tracer);
  EXPECT_EQ(nested_8(), 8U);
  EXPECT_EQ(tracer.calls, 8U);
}

TEST_F(LiveTracer, SharesFunctionsWithOthersEachWithItsOwnFilter) {
  const std::uint64_t odd[] = {address_of(nested_1), address_of(nested_3), address_of(nested_5)};
  const std::uint64_t low[] = {address_of(nested_1), address_of(nested_2), address_of(nested_3)};
  CountingTracer of_odd(odd);
  CountingTracer of_low(low, RegisterSet::all);
  CountingTracer of_all;
  Tracing tracing_of_odd(of_odd);
  Tracing tracing_of_low(of_low);
  Tracing tracing_of_all(of_all);
  nested_8();
  EXPECT_EQ(of_odd.calls, 3U);
  EXPECT_EQ(of_low.calls, 3U);
  EXPECT_EQ(of_all.calls, 8U);
  tracing_of_all.stop();
  nested_8();
  EXPECT_EQ(of_odd.calls, 6U);
  EXPECT_EQ(of_low.calls, 6U);
  EXPECT_EQ(of_all.calls, 8U);
}

TEST_F(LiveTracer, GetsAllRegistersOnlyWhereOneWantsThem) {
  const std::uint64_t leaf[] = {address_of(traced_leaf)};
  CountingTracer of_all;
  CountingTracer with_registers(leaf, RegisterSet::all);
  Tracing tracing_of_all(of_all);
  Tracing tracing_with_registers(with_registers);
  traced_leaf(1);
  EXPECT_TRUE(of_all.has_all_registers);
  EXPECT_TRUE(with_registers.has_all_registers);
  nested_1();
  EXPECT_FALSE(of_all.has_all_registers);
  tracing_with_registers.stop();
  traced_leaf(1);
  EXPECT_FALSE(of_all.has_all_registers);
}

TEST_F(LiveTracer, F9_KeepsAllRegistersWhenATracerOfArgumentsJoinsIt) {
  CountingTracer with_registers({}, RegisterSet::all);
  CountingTracer of_arguments;
  Tracing tracing_with_registers(with_registers);
  Tracing tracing_of_arguments(of_arguments);
  traced_leaf(1);
  EXPECT_TRUE(with_registers.has_all_registers);
  EXPECT_EQ(with_registers.calls, 1U);
  EXPECT_EQ(of_arguments.calls, 1U);
  tracing_with_registers.stop();
  traced_leaf(1);
  EXPECT_FALSE(of_arguments.has_all_registers);
  EXPECT_EQ(of_arguments.calls, 2U);
}

TEST_F(LiveTracer, MayChangeAnArgument) {
  for (const RegisterSet registers : {RegisterSet::arguments, RegisterSet::all}) {
    Tracer tracer([](Tracer&, FtraceFrame& frame) noexcept { frame.x[0] += 100; }, {}, registers);
    Tracing tracing(tracer);
    EXPECT_EQ(traced_leaf(1), 102U);
    tracing.stop();
  }
  EXPECT_EQ(traced_leaf(1), 2U);
}

TEST_F(LiveTracer, MayReturnInPlaceOfTheFunction) {
  Tracer tracer(
      [](Tracer&, FtraceFrame& frame) noexcept {
        frame.x[0] = 99;
        frame.pc = frame.lr;
      },
      {}, RegisterSet::all);
  Tracing tracing(tracer);
  EXPECT_EQ(traced_leaf(1), 99U);
}

TEST_F(LiveTracer, RedirectsToAnotherFunctionAndLaterTracersStillSeeTheOriginal) {
  const std::uint64_t leaf[] = {address_of(traced_leaf)};
  Tracer redirecting([](Tracer&, FtraceFrame& frame) noexcept { redirect(frame, address_of(traced_replacement)); },
                     leaf);
  CountingTracer counting(leaf);
  Tracing tracing_redirecting(redirecting);
  Tracing tracing_counting(counting);
  EXPECT_EQ(traced_leaf(1), 1001U);
  EXPECT_EQ(counting.function, address_of(traced_leaf));
}

TEST_F(LiveTracer, RedirectsToAFunctionThatIsTracedItself) {
  const std::uint64_t leaf[] = {address_of(traced_leaf)};
  const std::uint64_t replacement[] = {address_of(traced_replacement)};
  Tracer redirecting([](Tracer&, FtraceFrame& frame) noexcept { redirect(frame, address_of(traced_replacement)); },
                     leaf);
  CountingTracer counting(replacement);
  Tracing tracing_redirecting(redirecting);
  Tracing tracing_counting(counting);
  EXPECT_EQ(traced_leaf(1), 1001U);
  EXPECT_EQ(counting.calls, 1U);
}

TEST_F(LiveTracer, ThatCallsATracedFunctionIsNotCalledAgain) {
  static unsigned calls;
  calls = 0;
  Tracer tracer([](Tracer&, FtraceFrame&) noexcept {
    ++calls;
    traced_leaf(calls);
  });
  Tracing tracing(tracer);
  EXPECT_EQ(traced_leaf(1), 2U);
  EXPECT_EQ(calls, 1U);
  EXPECT_EQ(nested_2(), 2U);
  EXPECT_EQ(calls, 3U);
}

TEST_F(LiveTracer, IsCalledAgainInAContextOfItsOwn) {
  static unsigned calls;
  static ftrace::ExecutionState interrupt;
  calls = 0;
  Tracer tracer([](Tracer&, FtraceFrame&) noexcept {
    if (++calls > 1) return;
    port->current = &interrupt;  // what an interrupt handler that comes just now would find
    traced_leaf(1);
    port->current = &port->task;
  });
  Tracing tracing(tracer);
  traced_leaf(1);
  EXPECT_EQ(calls, 2U);
}

TEST_F(LiveTracer, IsNotCalledInAContextWithoutState) {
  CountingTracer tracer;
  Tracing tracing(tracer);
  port_.current = nullptr;
  EXPECT_EQ(traced_leaf(1), 2U);
  EXPECT_EQ(tracer.calls, 0U);
}

}  // namespace
}  // namespace surefoot::testing::live
