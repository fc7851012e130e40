// SPDX-License-Identifier: MIT
//
// An interrupt at each moment of a function at which its frame record does not lead to its caller, or not yet, or no
// more (X2). By the frame record alone the caller would be missing from most of these traces; the frame table knows
// where it is. The functions are those of moments.S; compiled_moments.cpp has some that the compiler makes.
#include "scenarios/moments.hpp"

#include <cstdint>

#include "arch/cpu_features.hpp"
#include "arch/exceptions.hpp"
#include "arch/interrupt_mask.hpp"
#include "memory/stacks.hpp"
#include "scenarios/hardware_breakpoint.hpp"
#include "scenarios/interrupting.hpp"
#include "scenarios/leaf.hpp"
#include "scenarios/list.hpp"
#include "scenarios/moment_frames.hpp"
#include "sched/scheduler.hpp"

extern "C" void kernel_task_entry() noexcept;

namespace demo {
namespace {

using kernel::ExceptionFrame;
using kernel::interrupts::software_id;
using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::StopReason;

}  // namespace

// irq_in_prologue: X2, before the record is written.

DEMO_FUNCTION void run_irq_in_prologue() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(demo_before_record, demo_has_record);
}

constexpr auto irq_in_prologue_frames = frames_from("record_at_wanted_pc", "demo_has_record", "run_irq_in_prologue");
constinit const Scenario irq_in_prologue{"irq_in_prologue", run_irq_in_prologue, exact_by(irq_in_prologue_frames)};

// irq_before_fp: X2, the record is written, and x29 still points at the caller's.

DEMO_FUNCTION void run_irq_before_fp() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(demo_before_fp, demo_has_record);
}

constexpr auto irq_before_fp_frames = frames_from("record_at_wanted_pc", "demo_has_record", "run_irq_before_fp");
constinit const Scenario irq_before_fp{"irq_before_fp", run_irq_before_fp, exact_by(irq_before_fp_frames)};

// irq_in_epilogue: X2 and X10, the record is loaded and given back: the exception's own frame lies on top of it.

DEMO_FUNCTION void record_over_old_record(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  const auto frame_at = reinterpret_cast<std::uintptr_t>(&frame);
  require(kernel::interrupted_sp(frame) == frame_at + sizeof frame, "the frame lies where the record was");
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_irq_in_epilogue() noexcept {
  const HandlerScope handler(software_id, record_over_old_record);
  interrupt_at(demo_before_return, demo_has_record);
}

constexpr auto irq_in_epilogue_frames = frames_from("record_over_old_record", "demo_has_record", "run_irq_in_epilogue");
constinit const Scenario irq_in_epilogue{"irq_in_epilogue", run_irq_in_epilogue, exact_by(irq_in_epilogue_frames)};

// irq_in_leaf: X2, a leaf that never has a record.

DEMO_FUNCTION void record_from_window(ExceptionFrame&) noexcept {
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void calls_plain_leaf() noexcept {
  demo_interruptible_leaf();
  stay_on_stack();
}

DEMO_FUNCTION void run_irq_in_leaf() noexcept {
  const HandlerScope handler(software_id, record_from_window);
  const kernel::InterruptsMasked masked;
  kernel::interrupts::raise_software_interrupt();
  calls_plain_leaf();
}

constexpr ExpectedFrames irq_in_leaf_frames[] = {
    {"record_from_window"},      {"kernel_handle_interrupt"}, {"el1h_64_irq"},
    {"demo_interruptible_leaf"}, {"calls_plain_leaf"},        {"run_irq_in_leaf"},
    {"scenario_task"},           {"kernel_task_begin"},       {"kernel_task_entry"}};
constinit const Scenario irq_in_leaf{"irq_in_leaf", run_irq_in_leaf, exact_by(irq_in_leaf_frames)};

// irq_in_large_prologue, irq_in_large_epilogue: X2, sp has moved by more than one instruction can say.

DEMO_FUNCTION void run_irq_in_large_prologue() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(demo_before_low_record, demo_has_large_frame);
}

constexpr auto irq_in_large_prologue_frames =
    frames_from("record_at_wanted_pc", "demo_has_large_frame", "run_irq_in_large_prologue");
constinit const Scenario irq_in_large_prologue{"irq_in_large_prologue", run_irq_in_large_prologue,
                                               exact_by(irq_in_large_prologue_frames)};

DEMO_FUNCTION void run_irq_in_large_epilogue() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(demo_giving_frame_back, demo_has_large_frame);
}

constexpr auto irq_in_large_epilogue_frames =
    frames_from("record_at_wanted_pc", "demo_has_large_frame", "run_irq_in_large_epilogue");
constinit const Scenario irq_in_large_epilogue{"irq_in_large_epilogue", run_irq_in_large_epilogue,
                                               exact_by(irq_in_large_epilogue_frames)};

// irq_outside_shrink_wrap: X2, on the path of a function that makes no record, behind the one that does.

DEMO_FUNCTION void takes_path_without_record() noexcept {
  demo_may_have_record(false);
  stay_on_stack();
}

DEMO_FUNCTION void run_irq_outside_shrink_wrap() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(demo_outside_record, takes_path_without_record);
}

constexpr ExpectedFrames irq_outside_shrink_wrap_frames[] = {{"record_at_wanted_pc"},
                                                             {"kernel_handle_interrupt"},
                                                             {"el1h_64_irq"},
                                                             {"demo_may_have_record"},
                                                             {"takes_path_without_record"},
                                                             {"interrupt_at"},
                                                             {"run_irq_outside_shrink_wrap"},
                                                             {"scenario_task"},
                                                             {"kernel_task_begin"},
                                                             {"kernel_task_entry"}};
constinit const Scenario irq_outside_shrink_wrap{"irq_outside_shrink_wrap", run_irq_outside_shrink_wrap,
                                                 exact_by(irq_outside_shrink_wrap_frames)};

// irq_on_other_stack: X15, code that has switched stacks by itself. The exception is taken on the other stack, and the
// record is on the one that x29 still points to.

DEMO_FUNCTION void calls_user_of_other_stack() noexcept {
  demo_uses_other_stack(kernel::irq_stack().end());
  stay_on_stack();
}

DEMO_FUNCTION void run_irq_on_other_stack() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(demo_on_other_stack, calls_user_of_other_stack);
}

constexpr ExpectedFrames irq_on_other_stack_frames[] = {{"record_at_wanted_pc"},
                                                        {"kernel_handle_interrupt"},
                                                        {"el1h_64_irq"},
                                                        {"demo_uses_other_stack"},
                                                        {"calls_user_of_other_stack"},
                                                        {"interrupt_at"},
                                                        {"run_irq_on_other_stack"},
                                                        {"scenario_task"},
                                                        {"kernel_task_begin"},
                                                        {"kernel_task_entry"}};
constinit const Scenario irq_on_other_stack{"irq_on_other_stack", run_irq_on_other_stack,
                                            exact_by(irq_on_other_stack_frames)};

// irq_after_signing, irq_before_authentication: X2 and C8, lr is live and holds an authentication code.

DEMO_FUNCTION void record_with_signed_lr(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  const bool is_signed = strip(frame.lr) != frame.lr;
  require(is_signed == kernel::cpu::is_pointer_authentication_on(), "the link register is signed if the CPU can");
  record_here();
  stay_on_stack();
}

DEMO_FUNCTION void run_irq_after_signing() noexcept {
  const HandlerScope handler(software_id, record_with_signed_lr);
  interrupt_at(demo_signed, demo_has_signed_record);
}

constexpr auto irq_after_signing_frames =
    frames_from("record_with_signed_lr", "demo_has_signed_record", "run_irq_after_signing");
constinit const Scenario irq_after_signing{"irq_after_signing", run_irq_after_signing,
                                           exact_by(irq_after_signing_frames)};

DEMO_FUNCTION void run_irq_before_authentication() noexcept {
  const HandlerScope handler(software_id, record_with_signed_lr);
  interrupt_at(demo_before_authentication, demo_has_signed_record);
}

constexpr auto irq_before_authentication_frames =
    frames_from("record_with_signed_lr", "demo_has_signed_record", "run_irq_before_authentication");
constinit const Scenario irq_before_authentication{"irq_before_authentication", run_irq_before_authentication,
                                                   exact_by(irq_before_authentication_frames)};

// preempted_in_prologue: X1 and X2, a task that lost the CPU before its function had a record, seen from another.

void preempt(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  kernel::sched::request_preemption();
}

DEMO_FUNCTION void preempted_task(std::uint64_t) noexcept {
  interrupt_at(demo_before_record, demo_has_record);
  stay_on_stack();
}

void run_preempted_in_prologue() noexcept {
  const HandlerScope handler(software_id, preempt);
  kernel::Task* const task = kernel::sched::create("preempted", preempted_task);
  require(task != nullptr, "there is room for a task");
  kernel::sched::yield();  // until the other task is preempted
  record(surefoot::Start::blocked_task(task->context.registers, task->activity), kernel::walks::blocked(*task));
  kernel::sched::join(*task);
}

constexpr ExpectedFrames preempted_in_prologue_frames[] = {
    {"switch_to"},    {"yield"},          {"kernel_preempt"},    {"el1h_64_irq"},      {"demo_has_record"},
    {"interrupt_at"}, {"preempted_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario preempted_in_prologue{
    "preempted_in_prologue",
    run_preempted_in_prologue,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
     EvidenceBit::crossed_exception | EvidenceBit::in_special_range, preempted_in_prologue_frames}};

// breakpoint_in_task_entry: X5 and T13, at the first instruction of a task, in the function that nothing called: the
// link register holds no caller, and the frame table says that there is none. The chain ends there.

DEMO_FUNCTION void record_from_entry(ExceptionFrame& frame) noexcept {
  HardwareBreakpoint::disarm();
  require(frame.lr == frame.pc, "the link register is what has led here, and no caller");
  record_here();
}

void empty_task(std::uint64_t) noexcept {}

void run_breakpoint_in_task_entry() noexcept {
  const kernel::ExceptionHook before =
      kernel::set_exception_hook(kernel::ExceptionClass::breakpoint, record_from_entry);
  {
    // A task starts behind the first instruction of its outermost function (switch.S).
    const HardwareBreakpoint breakpoint(reinterpret_cast<std::uintptr_t>(&kernel_task_entry) +
                                        surefoot::instruction_size);
    kernel::Task* const task = kernel::sched::create("empty", empty_task);
    require(task != nullptr, "there is room for a task");
    kernel::sched::join(*task);
  }
  kernel::set_exception_hook(kernel::ExceptionClass::breakpoint, before);
}

constexpr ExpectedFrames breakpoint_in_task_entry_frames[] = {
    {"record_from_entry"}, {"kernel_handle_synchronous"}, {"el1h_64_sync"}, {"kernel_task_entry"}};
constinit const Scenario breakpoint_in_task_entry{
    "breakpoint_in_task_entry",
    run_breakpoint_in_task_entry,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
     EvidenceBit::crossed_exception | EvidenceBit::in_special_range, breakpoint_in_task_entry_frames}};

// irq_without_frame_table: X1, the same moment as irq_in_prologue in a kernel that has no frame table. The frame record
// is followed, and it is the caller's: interrupt_at is missing, and the walk says that it may be.

DEMO_FUNCTION void record_without_frame_table(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  surefoot::Region image = kernel::walks::description().image();
  image.frame_table = {};
  record_with(image, surefoot::Start::here(), kernel::walks::here());
  stay_on_stack();
}

DEMO_FUNCTION void run_irq_without_frame_table() noexcept {
  const HandlerScope handler(software_id, record_without_frame_table);
  interrupt_at(demo_before_record, demo_has_record);
}

constexpr ExpectedFrames irq_without_frame_table_frames[] = {
    {"record_without_frame_table"},  {"kernel_handle_interrupt"}, {"el1h_64_irq"},       {"demo_has_record"},
    {"run_irq_without_frame_table"}, {"scenario_task"},           {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario irq_without_frame_table{
    "irq_without_frame_table",
    run_irq_without_frame_table,
    {Reliability::unreliable, Reliability::unreliable, StopReason::final_record, at_unknown_interrupt,
     irq_without_frame_table_frames}};

// irq_with_scratch_fp: X9, x29 is garbage for an instruction, and the caller's is in a register that no frame table can
// name: the table has no rule for that instruction.

DEMO_FUNCTION void calls_with_garbage_in_fp() noexcept {
  demo_uses_fp(0xdead'0000'0000'0000);
  stay_on_stack();
}

void run_irq_with_scratch_fp() noexcept {
  const HandlerScope handler(software_id, record_at_wanted_pc);
  interrupt_at(demo_fp_is_scratch, calls_with_garbage_in_fp);
}

constexpr ExpectedFrames irq_with_scratch_fp_frames[] = {
    {"record_at_wanted_pc"}, {"kernel_handle_interrupt"}, {"el1h_64_irq"}, {"demo_uses_fp"}};
constinit const Scenario irq_with_scratch_fp{"irq_with_scratch_fp",
                                             run_irq_with_scratch_fp,
                                             {Reliability::unreliable, Reliability::unreliable, StopReason::off_stack,
                                              at_unknown_interrupt, irq_with_scratch_fp_frames}};

}  // namespace demo
