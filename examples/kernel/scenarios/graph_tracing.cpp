// SPDX-License-Identifier: MIT
//
// Walks through functions whose return address function-graph tracing has replaced (G1, G8, G10, G13).
#include <cstdint>

#include "scenarios/list.hpp"
#include "scenarios/tracing.hpp"

namespace demo {
namespace {

using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::ReturnEntry;
using surefoot::StopReason;
using surefoot::ftrace::FtraceFrame;
using surefoot::ftrace::GraphTracer;
using surefoot::ftrace::ReturnFrame;
using surefoot::ftrace::Tracer;

bool accept(GraphTracer&, FtraceFrame&) noexcept { return true; }
void ignore(GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept {}

constinit GraphTracer silent(accept, ignore);

}  // namespace

GraphTracer& silent_graph_tracer() noexcept { return silent; }

// graph_one: G1.

DEMO_FUNCTION void hooked() noexcept {
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_graph_one() noexcept {
  const std::uint64_t functions[] = {entry_of(hooked)};
  const GraphScope scope(silent, functions);
  hooked();
}

constexpr ExpectedFrames graph_one_frames[] = {
    {"hooked"}, {"run_graph_one"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario graph_one{"graph_one",
                                   run_graph_one,
                                   {Reliability::reliable, Reliability::reliable, StopReason::final_record,
                                    EvidenceBit::return_address_hooked, graph_one_frames}};

// graph_nested: G1, eight hooked functions on one chain.

DEMO_FUNCTION void nested_8() noexcept {
  record_here();
  stay_on_stack();
}

#define DEMO_NESTED(level, next)                 \
  DEMO_FUNCTION void nested_##level() noexcept { \
    nested_##next();                             \
    stay_on_stack();                             \
  }
DEMO_NESTED(7, 8)
DEMO_NESTED(6, 7)
DEMO_NESTED(5, 6)
DEMO_NESTED(4, 5)
DEMO_NESTED(3, 4)
DEMO_NESTED(2, 3)
DEMO_NESTED(1, 2)
#undef DEMO_NESTED

DEMO_FUNCTION void run_graph_nested() noexcept {
  const std::uint64_t functions[] = {entry_of(nested_1), entry_of(nested_2), entry_of(nested_3), entry_of(nested_4),
                                     entry_of(nested_5), entry_of(nested_6), entry_of(nested_7), entry_of(nested_8)};
  const GraphScope scope(silent, functions);
  nested_1();
}

constexpr ExpectedFrames graph_nested_frames[] = {
    {"nested_8"}, {"nested_7"}, {"nested_6"},         {"nested_5"},      {"nested_4"},          {"nested_3"},
    {"nested_2"}, {"nested_1"}, {"run_graph_nested"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario graph_nested{"graph_nested",
                                      run_graph_nested,
                                      {Reliability::reliable, Reliability::reliable, StopReason::final_record,
                                       EvidenceBit::return_address_hooked, graph_nested_frames}};

// graph_tail_call: G8 and C6, a hooked function that leaves its frame to another: two entries, one record.

DEMO_FUNCTION void tail_called() noexcept {
  record_here();
  require(own_return_stack().depth() == 2, "both functions are on the return stack");
}

extern "C" void demo_calls_by_branch() noexcept;  // tail_call.S

DEMO_FUNCTION void run_graph_tail_call() noexcept {
  const std::uint64_t functions[] = {entry_of(demo_calls_by_branch), entry_of(tail_called)};
  const GraphScope scope(silent, functions);
  demo_calls_by_branch();
}

constexpr ExpectedFrames graph_tail_call_frames[] = {
    {"tail_called"}, {"run_graph_tail_call"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario graph_tail_call{"graph_tail_call",
                                         run_graph_tail_call,
                                         {Reliability::reliable, Reliability::reliable, StopReason::final_record,
                                          EvidenceBit::return_address_hooked, graph_tail_call_frames}};

// graph_recursion: G1, one function many times.

DEMO_FUNCTION void hooked_recursion(unsigned calls_left) noexcept {  // NOLINT(misc-no-recursion): the point of it
  if (calls_left == 0) {
    record_here();
  } else {
    hooked_recursion(calls_left - 1);
  }
  stay_on_stack();
}

DEMO_FUNCTION void run_graph_recursion() noexcept {
  const std::uint64_t functions[] = {entry_of(hooked_recursion)};
  const GraphScope scope(silent, functions);
  hooked_recursion(5);
}

constexpr ExpectedFrames graph_recursion_frames[] = {
    {"hooked_recursion", 6}, {"run_graph_recursion"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario graph_recursion{"graph_recursion",
                                         run_graph_recursion,
                                         {Reliability::reliable, Reliability::reliable, StopReason::final_record,
                                          EvidenceBit::return_address_hooked, graph_recursion_frames}};

// graph_full_stack: G13, four calls more than the return stack holds. Those are left alone, and counted.

DEMO_FUNCTION void run_graph_full_stack() noexcept {
  const std::uint64_t functions[] = {entry_of(hooked_recursion)};
  const GraphScope scope(silent, functions);
  require(own_return_stack().capacity() == 32, "the return stack holds 32 entries");
  const std::uint64_t dropped_before = own_return_stack().dropped();
  hooked_recursion(32 + 3);
  require(own_return_stack().dropped() == dropped_before + 4, "four calls were dropped");
}

constexpr ExpectedFrames graph_full_stack_frames[] = {{"hooked_recursion", 36},
                                                      {"run_graph_full_stack"},
                                                      {"scenario_task"},
                                                      {"kernel_task_begin"},
                                                      {"kernel_task_entry"}};
constinit const Scenario graph_full_stack{"graph_full_stack",
                                          run_graph_full_stack,
                                          {Reliability::reliable, Reliability::reliable, StopReason::final_record,
                                           EvidenceBit::return_address_hooked, graph_full_stack_frames}};

// graph_exit_callback: G10. The hooked function has returned, its caller is on the return stack only.

DEMO_FUNCTION void record_from_exit(GraphTracer&, const ReturnEntry&, ReturnFrame&) noexcept {
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void returns_to_handler() noexcept { stay_on_stack(); }

DEMO_FUNCTION void run_graph_exit_callback() noexcept {
  static constinit GraphTracer tracer(accept, record_from_exit);
  const std::uint64_t functions[] = {entry_of(returns_to_handler)};
  const GraphScope scope(tracer, functions);
  returns_to_handler();
}

constexpr ExpectedFrames graph_exit_callback_frames[] = {
    {"record_from_exit"}, {"surefoot_ftrace_exit"}, {"return_to_handler"}, {"run_graph_exit_callback"},
    {"scenario_task"},    {"kernel_task_begin"},    {"kernel_task_entry"}};
constinit const Scenario graph_exit_callback{
    "graph_exit_callback",
    run_graph_exit_callback,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
     EvidenceBit::in_special_range | EvidenceBit::return_address_hooked, graph_exit_callback_frames}};

// graph_and_function_tracer: both trampolines' work on one function.

unsigned traced_calls = 0;

void count_call(Tracer&, FtraceFrame&) noexcept { ++traced_calls; }

DEMO_FUNCTION void run_graph_and_function_tracer() noexcept {
  static constinit Tracer tracer(count_call);
  const std::uint64_t functions[] = {entry_of(hooked)};
  const TracerScope function_scope(tracer, functions);
  const GraphScope graph_scope(silent, functions);
  traced_calls = 0;
  hooked();
  require(traced_calls == 1, "the function tracer saw the call");
}

constexpr ExpectedFrames graph_and_function_tracer_frames[] = {
    {"hooked"}, {"run_graph_and_function_tracer"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario graph_and_function_tracer{
    "graph_and_function_tracer",
    run_graph_and_function_tracer,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, EvidenceBit::return_address_hooked,
     graph_and_function_tracer_frames}};

// missing_return_entry: G3. The entry is gone, so the caller of the hooked function cannot be known.

DEMO_FUNCTION void loses_entry() noexcept {
  ReturnEntry entry = *own_return_stack().top();
  own_return_stack().pop();
  record_here();
  require(own_return_stack().push(entry), "the entry is back");
}

void run_missing_return_entry() noexcept {
  const std::uint64_t functions[] = {entry_of(loses_entry)};
  const GraphScope scope(silent, functions);
  loses_entry();
}

constexpr ExpectedFrames missing_return_entry_frames[] = {
    {"loses_entry"}, {"return_to_handler"}, {"scenario_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario missing_return_entry{
    "missing_return_entry",
    run_missing_return_entry,
    {Reliability::unreliable, Reliability::unreliable, StopReason::final_record,
     EvidenceBit::return_address_unresolved | EvidenceBit::in_special_range | EvidenceBit::special_code_without_rule |
         of_shadow_call_stack,
     missing_return_entry_frames}};

// leftover_return_entry: G5. The return stack knows a call that the chain does not.

DEMO_FUNCTION void has_extra_entry() noexcept {
  std::uint64_t no_record[2] = {};
  const std::uint64_t key = reinterpret_cast<std::uintptr_t>(no_record);
  const ReturnEntry entry{.return_address = entry_of(hooked), .function = entry_of(hooked), .key = key};
  require(own_return_stack().push(entry), "the entry is pushed");
  record_here();
  own_return_stack().pop();
}

DEMO_FUNCTION void run_leftover_return_entry() noexcept {
  has_extra_entry();
  stay_on_stack();
}

constexpr ExpectedFrames leftover_return_entry_frames[] = {{"has_extra_entry"},
                                                           {"run_leftover_return_entry"},
                                                           {"scenario_task"},
                                                           {"kernel_task_begin"},
                                                           {"kernel_task_entry"}};
constinit const Scenario leftover_return_entry{
    "leftover_return_entry",
    run_leftover_return_entry,
    {Reliability::unreliable, Reliability::unreliable, StopReason::final_record, EvidenceBit::return_entry_left_over,
     leftover_return_entry_frames}};

}  // namespace demo
