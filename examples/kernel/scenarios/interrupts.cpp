// SPDX-License-Identifier: MIT
//
// Walks from interrupt handlers, on the IRQ stack, into what was interrupted there (X0, X1, X4, G12, G15). Moments of
// ordinary functions are in moments.cpp.
#include "arch/interrupts.hpp"

#include <cstdint>

#include "arch/exceptions.hpp"
#include "arch/interrupt_mask.hpp"
#include "scenarios/damage.hpp"
#include "scenarios/interrupting.hpp"
#include "scenarios/leaf.hpp"
#include "scenarios/list.hpp"
#include "scenarios/moments.hpp"
#include "scenarios/tracing.hpp"

extern "C" {
// Labels of the trampolines; only their addresses are used.
void ftrace_call() noexcept;
void return_to_handler() noexcept;
}

namespace demo {
namespace {

using kernel::ExceptionClass;
using kernel::ExceptionFrame;
using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::StopReason;
using surefoot::ftrace::FtraceFrame;
using surefoot::ftrace::Tracer;

}  // namespace

// irq_nested_on_sync: X4, an interrupt in the handler of a breakpoint. Both boundaries lie in ordinary functions, and
// the frame table has a rule for each.

DEMO_FUNCTION void record_from_nested_irq(ExceptionFrame&) noexcept {
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void unmasks_in_brk_hook(ExceptionFrame& frame) noexcept {
  kernel::interrupts::raise_software_interrupt();  // masked here: it becomes pending
  kernel::unmask_interrupts();                     // and is taken here
  kernel::mask_interrupts();
  kernel::step_over(frame);
}

DEMO_FUNCTION void executes_nested_brk() noexcept { asm volatile("brk #0x60" ::: "memory"); }

DEMO_FUNCTION void run_irq_nested_on_sync() noexcept {
  const HandlerScope handler(kernel::interrupts::software_id, record_from_nested_irq);
  const kernel::ExceptionHook before = kernel::set_exception_hook(ExceptionClass::brk, unmasks_in_brk_hook);
  executes_nested_brk();
  kernel::set_exception_hook(ExceptionClass::brk, before);
}

constexpr ExpectedFrames irq_nested_on_sync_frames[] = {
    {"record_from_nested_irq"}, {"kernel_handle_interrupt"},   {"el1h_64_irq"},
    {"unmasks_in_brk_hook"},    {"kernel_handle_synchronous"}, {"el1h_64_sync"},
    {"executes_nested_brk"},    {"run_irq_nested_on_sync"},    {"scenario_task"},
    {"kernel_task_begin"},      {"kernel_task_entry"}};
constinit const Scenario irq_nested_on_sync{"irq_nested_on_sync",
                                            run_irq_nested_on_sync,
                                            {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
                                             at_interrupt, irq_nested_on_sync_frames}};

// from_interrupted_frame: X0, a walk that starts at the frame itself, and so at the pc that was interrupted.

void record_from_frame(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  record(surefoot::Start::exception_at(address_of(&frame)), kernel::walks::at(frame));
}

DEMO_FUNCTION void run_from_interrupted_frame() noexcept {
  const HandlerScope handler(kernel::interrupts::software_id, record_from_frame);
  interrupt_at(demo_before_record, demo_has_record);
}

constexpr ExpectedFrames from_interrupted_frame_frames[] = {
    {"demo_has_record"}, {"interrupt_at"},      {"run_from_interrupted_frame"},
    {"scenario_task"},   {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario from_interrupted_frame{
    "from_interrupted_frame",
    run_from_interrupted_frame,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record, EvidenceBit::crossed_exception,
     from_interrupted_frame_frames}};

// graph_leaf_interrupted: G15. The leaf has no record, so the return_to_handler that it will return to is only in its
// link register, where the frame table says that it is live: by it the leaf's entry is found, and its caller. The
// hooked function further up is matched by key.

DEMO_FUNCTION void record_from_leaf_irq(ExceptionFrame&) noexcept {
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void calls_leaf() noexcept {
  demo_interruptible_leaf();
  stay_on_stack();
}

DEMO_FUNCTION void hooked_above_leaf() noexcept {
  calls_leaf();
  stay_on_stack();
}

DEMO_FUNCTION void run_graph_leaf_interrupted() noexcept {
  const HandlerScope handler(kernel::interrupts::software_id, record_from_leaf_irq);
  const std::uint64_t functions[] = {entry_of(demo_interruptible_leaf), entry_of(hooked_above_leaf)};
  const GraphScope scope(silent_graph_tracer(), functions);
  const kernel::InterruptsMasked masked;
  kernel::interrupts::raise_software_interrupt();
  hooked_above_leaf();
}

constexpr ExpectedFrames graph_leaf_interrupted_frames[] = {{"record_from_leaf_irq"},
                                                            {"kernel_handle_interrupt"},
                                                            {"el1h_64_irq"},
                                                            {"demo_interruptible_leaf"},
                                                            {"calls_leaf"},
                                                            {"hooked_above_leaf"},
                                                            {"run_graph_leaf_interrupted"},
                                                            {"scenario_task"},
                                                            {"kernel_task_begin"},
                                                            {"kernel_task_entry"}};
constinit const Scenario graph_leaf_interrupted{
    "graph_leaf_interrupted",
    run_graph_leaf_interrupted,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
     at_interrupt | EvidenceBit::return_address_hooked, graph_leaf_interrupted_frames}};

// irq_in_trampoline, irq_in_return_to_handler: an interrupt at one chosen instruction.

namespace {

void count_nothing(Tracer&, FtraceFrame&) noexcept {}

}  // namespace

DEMO_FUNCTION void interrupted_while_traced() noexcept { stay_on_stack(); }

DEMO_FUNCTION void calls_interrupted() noexcept {
  interrupted_while_traced();
  stay_on_stack();
}

DEMO_FUNCTION void calls_caller() noexcept {
  calls_interrupted();
  stay_on_stack();
}

// G12, E8: just after the tracers have returned. Both records of the trampoline are there.

DEMO_FUNCTION void run_irq_in_trampoline() noexcept {
  static constinit Tracer tracer(count_nothing);
  const HandlerScope handler(kernel::interrupts::software_id, record_at_wanted_pc);
  const std::uint64_t functions[] = {entry_of(interrupted_while_traced)};
  const TracerScope scope(tracer, functions);
  interrupt_at(entry_of(ftrace_call) + surefoot::instruction_size, calls_caller);
}

constexpr ExpectedFrames irq_in_trampoline_frames[] = {
    {"record_at_wanted_pc"},      {"kernel_handle_interrupt"}, {"el1h_64_irq"},       {"ftrace_graph_call"},
    {"interrupted_while_traced"}, {"calls_interrupted"},       {"calls_caller"},      {"interrupt_at"},
    {"run_irq_in_trampoline"},    {"scenario_task"},           {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario irq_in_trampoline{
    "irq_in_trampoline",
    run_irq_in_trampoline,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record, at_interrupt, irq_in_trampoline_frames}};

// G12, R1: at the first instruction of return_to_handler the caller is on the return stack only.

DEMO_FUNCTION void run_irq_in_return_to_handler() noexcept {
  const HandlerScope handler(kernel::interrupts::software_id, record_at_wanted_pc);
  const std::uint64_t functions[] = {entry_of(interrupted_while_traced)};
  const GraphScope scope(silent_graph_tracer(), functions);
  interrupt_at(entry_of(return_to_handler), calls_caller);
}

constexpr ExpectedFrames irq_in_return_to_handler_frames[] = {{"record_at_wanted_pc"}, {"kernel_handle_interrupt"},
                                                              {"el1h_64_irq"},         {"return_to_handler"},
                                                              {"calls_interrupted"},   {"calls_caller"},
                                                              {"interrupt_at"},        {"run_irq_in_return_to_handler"},
                                                              {"scenario_task"},       {"kernel_task_begin"},
                                                              {"kernel_task_entry"}};
constinit const Scenario irq_in_return_to_handler{
    "irq_in_return_to_handler",
    run_irq_in_return_to_handler,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
     at_interrupt | EvidenceBit::return_address_hooked, irq_in_return_to_handler_frames}};

}  // namespace demo
