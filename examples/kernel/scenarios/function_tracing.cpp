// SPDX-License-Identifier: MIT
//
// Walks from inside tracers: the chain leads through the trampoline's two records, and the tracer's return address,
// ftrace_call+4, makes it unreliable under the strict policy (F1, F2).
#include <cstdint>

#include "scenarios/list.hpp"
#include "scenarios/tracing.hpp"

namespace demo {
namespace {

using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::StopReason;
using surefoot::ftrace::FtraceFrame;
using surefoot::ftrace::RegisterSet;
using surefoot::ftrace::Tracer;

// Volatile: the compiler sees that nobody calls what sets it.
constinit Flag replacement_ran = 0;

}  // namespace

DEMO_FUNCTION void traced() noexcept { stay_on_stack(); }

DEMO_FUNCTION void replacement() noexcept { replacement_ran = 1; }

DEMO_FUNCTION void calls_traced() noexcept {
  traced();
  stay_on_stack();
}

// tracer_callback: F1.

DEMO_FUNCTION void record_from_tracer(Tracer&, FtraceFrame& frame) noexcept {
  require(frame.function() == entry_of(traced), "the tracer sees the function");
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_tracer_callback() noexcept {
  static constinit Tracer tracer(record_from_tracer);
  const std::uint64_t functions[] = {entry_of(traced)};
  const TracerScope scope(tracer, functions);
  calls_traced();
}

constexpr ExpectedFrames tracer_callback_frames[] = {
    {"record_from_tracer"},  {"call"},          {"surefoot_ftrace_dispatch"},
    {"ftrace_call"},         {"traced"},        {"calls_traced"},
    {"run_tracer_callback"}, {"scenario_task"}, {"kernel_task_begin"},
    {"kernel_task_entry"}};
constinit const Scenario tracer_callback{"tracer_callback",
                                         run_tracer_callback,
                                         {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
                                          EvidenceBit::in_special_range, tracer_callback_frames}};

// tracer_callback_regs: F1 through ftrace_regs_caller.

DEMO_FUNCTION void record_from_regs_tracer(Tracer&, FtraceFrame& frame) noexcept {
  require(frame.has_all_registers(), "the tracer sees all registers");
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_tracer_callback_regs() noexcept {
  static constinit Tracer tracer(record_from_regs_tracer, {}, RegisterSet::all);
  const std::uint64_t functions[] = {entry_of(traced)};
  const TracerScope scope(tracer, functions);
  calls_traced();
}

constexpr ExpectedFrames tracer_callback_regs_frames[] = {{"record_from_regs_tracer"},
                                                          {"call"},
                                                          {"surefoot_ftrace_dispatch"},
                                                          {"ftrace_call"},
                                                          {"traced"},
                                                          {"calls_traced"},
                                                          {"run_tracer_callback_regs"},
                                                          {"scenario_task"},
                                                          {"kernel_task_begin"},
                                                          {"kernel_task_entry"}};
constinit const Scenario tracer_callback_regs{"tracer_callback_regs",
                                              run_tracer_callback_regs,
                                              {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
                                               EvidenceBit::in_special_range, tracer_callback_regs_frames}};

// live_patch_redirect: F2, by redirect(). The trace shows the function that will run.

DEMO_FUNCTION void redirect_and_record(Tracer&, FtraceFrame& frame) noexcept {
  surefoot::ftrace::redirect(frame, entry_of(replacement));
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_live_patch_redirect() noexcept {
  static constinit Tracer tracer(redirect_and_record);
  const std::uint64_t functions[] = {entry_of(traced)};
  const TracerScope scope(tracer, functions);
  replacement_ran = 0;
  calls_traced();
  require(replacement_ran != 0, "the replacement ran");
}

constexpr ExpectedFrames live_patch_redirect_frames[] = {{"redirect_and_record"},
                                                         {"call"},
                                                         {"surefoot_ftrace_dispatch"},
                                                         {"ftrace_call"},
                                                         {"replacement"},
                                                         {"calls_traced"},
                                                         {"run_live_patch_redirect"},
                                                         {"scenario_task"},
                                                         {"kernel_task_begin"},
                                                         {"kernel_task_entry"}};
constinit const Scenario live_patch_redirect{"live_patch_redirect",
                                             run_live_patch_redirect,
                                             {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
                                              EvidenceBit::in_special_range, live_patch_redirect_frames}};

// live_patch_pc_only: F2, by the saved pc alone. The record still shows the traced function; the walk notices.

DEMO_FUNCTION void change_pc_and_record(Tracer&, FtraceFrame& frame) noexcept {
  frame.pc = entry_of(replacement);
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_live_patch_pc_only() noexcept {
  static constinit Tracer tracer(change_pc_and_record);
  const std::uint64_t functions[] = {entry_of(traced)};
  const TracerScope scope(tracer, functions);
  replacement_ran = 0;
  calls_traced();
  require(replacement_ran != 0, "the replacement ran");
}

constexpr ExpectedFrames live_patch_pc_only_frames[] = {{"change_pc_and_record"},
                                                        {"call"},
                                                        {"surefoot_ftrace_dispatch"},
                                                        {"ftrace_call"},
                                                        {"traced"},
                                                        {"calls_traced"},
                                                        {"run_live_patch_pc_only"},
                                                        {"scenario_task"},
                                                        {"kernel_task_begin"},
                                                        {"kernel_task_entry"}};
constinit const Scenario live_patch_pc_only{
    "live_patch_pc_only",
    run_live_patch_pc_only,
    {Reliability::unreliable, Reliability::unreliable, StopReason::final_record,
     EvidenceBit::in_special_range | EvidenceBit::saved_pc_differs, live_patch_pc_only_frames}};

}  // namespace demo
