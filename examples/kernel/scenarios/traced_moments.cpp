// SPDX-License-Identifier: MIT
//
// The moments of moments.cpp in functions whose return address graph tracing has rewritten: behind the trampoline, and
// where there is no record, the hook is in the link register only (E12, E13, E14, X8).
#include <cstdint>
#include <span>

#include "arch/cpu_features.hpp"
#include "scenarios/interrupting.hpp"
#include "scenarios/list.hpp"
#include "scenarios/moment_frames.hpp"
#include "scenarios/moments.hpp"
#include "scenarios/tracing.hpp"

extern "C" void return_to_handler() noexcept;  // a label; only its address is used

namespace demo {
namespace {

using kernel::ExceptionFrame;
using kernel::interrupts::software_id;

constexpr Expected hooked_by(std::span<const ExpectedFrames> frames) noexcept {
  return exact_by(frames, surefoot::EvidenceBit::return_address_hooked);
}

bool is_hook(std::uint64_t lr) noexcept { return strip(lr) == entry_of(return_to_handler); }

}  // namespace

// graph_irq_in_prologue: E12. The trampoline has been passed, and the hook is in lr.

DEMO_FUNCTION void record_with_hook_in_lr(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  require(is_hook(frame.lr), "lr holds the hook");
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_graph_irq_in_prologue() noexcept {
  const HandlerScope handler(software_id, record_with_hook_in_lr);
  const std::uint64_t functions[] = {entry_of(demo_has_record)};
  const GraphScope scope(silent_graph_tracer(), functions);
  interrupt_at(demo_before_record, demo_has_record);
}

constexpr auto graph_irq_in_prologue_frames =
    frames_from("record_with_hook_in_lr", "demo_has_record", "run_graph_irq_in_prologue");
constinit const Scenario graph_irq_in_prologue{"graph_irq_in_prologue", run_graph_irq_in_prologue,
                                               hooked_by(graph_irq_in_prologue_frames)};

// graph_irq_in_body: E13. The hook is in the function's record.

DEMO_FUNCTION void run_graph_irq_in_body() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  const std::uint64_t functions[] = {entry_of(demo_has_record)};
  const GraphScope scope(silent_graph_tracer(), functions);
  interrupt_at(demo_in_body, demo_has_record);
}

constexpr auto graph_irq_in_body_frames =
    frames_from("record_at_wanted_pc", "demo_has_record", "run_graph_irq_in_body");
constinit const Scenario graph_irq_in_body{"graph_irq_in_body", run_graph_irq_in_body,
                                           hooked_by(graph_irq_in_body_frames)};

// graph_irq_in_epilogue: E14. The hook has been loaded from the record back into lr.

DEMO_FUNCTION void run_graph_irq_in_epilogue() noexcept {
  const HandlerScope handler(software_id, record_with_hook_in_lr);
  const std::uint64_t functions[] = {entry_of(demo_has_record)};
  const GraphScope scope(silent_graph_tracer(), functions);
  interrupt_at(demo_before_return, demo_has_record);
}

constexpr auto graph_irq_in_epilogue_frames =
    frames_from("record_with_hook_in_lr", "demo_has_record", "run_graph_irq_in_epilogue");
constinit const Scenario graph_irq_in_epilogue{"graph_irq_in_epilogue", run_graph_irq_in_epilogue,
                                               hooked_by(graph_irq_in_epilogue_frames)};

// graph_irq_before_authentication: E14 and C8. What is in lr is the hook, signed: stripped before it is compared.

DEMO_FUNCTION void record_with_signed_hook(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  require(is_hook(frame.lr), "lr holds the hook, perhaps signed");
  const bool is_signed = frame.lr != entry_of(return_to_handler);
  require(is_signed == kernel::cpu::is_pointer_authentication_on(), "it is signed if the CPU can");
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_graph_irq_before_authentication() noexcept {
  const HandlerScope handler(software_id, record_with_signed_hook);
  const std::uint64_t functions[] = {entry_of(demo_has_signed_record)};
  const GraphScope scope(silent_graph_tracer(), functions);
  interrupt_at(demo_before_authentication, demo_has_signed_record);
}

constexpr auto graph_irq_before_authentication_frames =
    frames_from("record_with_signed_hook", "demo_has_signed_record", "run_graph_irq_before_authentication");
constinit const Scenario graph_irq_before_authentication{"graph_irq_before_authentication",
                                                         run_graph_irq_before_authentication,
                                                         hooked_by(graph_irq_before_authentication_frames)};

// graph_irq_with_hook_in_lr: X8. lr is not live, and holds a hook by chance. Were it believed, it would use up the
// entry that belongs to the hooked caller's record.

DEMO_FUNCTION void puts_hook_in_lr() noexcept {
  demo_uses_lr(entry_of(return_to_handler));
  stay_on_stack();
}

DEMO_FUNCTION void run_graph_irq_with_hook_in_lr() noexcept {
  const HandlerScope handler(software_id, record_with_hook_in_lr);
  const std::uint64_t functions[] = {entry_of(puts_hook_in_lr)};
  const GraphScope scope(silent_graph_tracer(), functions);
  interrupt_at(demo_lr_is_scratch, puts_hook_in_lr);
}

constexpr ExpectedFrames graph_irq_with_hook_in_lr_frames[] = {{"record_with_hook_in_lr"},
                                                               {"kernel_handle_interrupt"},
                                                               {"el1h_64_irq"},
                                                               {"demo_uses_lr"},
                                                               {"puts_hook_in_lr"},
                                                               {"interrupt_at"},
                                                               {"run_graph_irq_with_hook_in_lr"},
                                                               {"scenario_task"},
                                                               {"kernel_task_begin"},
                                                               {"kernel_task_entry"}};
constinit const Scenario graph_irq_with_hook_in_lr{"graph_irq_with_hook_in_lr", run_graph_irq_with_hook_in_lr,
                                                   hooked_by(graph_irq_with_hook_in_lr_frames)};

}  // namespace demo
