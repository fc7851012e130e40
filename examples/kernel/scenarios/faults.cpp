// SPDX-License-Identifier: MIT
//
// Walks from the handlers of synchronous exceptions: the code at the boundary was stopped at an exact pc, for which the
// frame table has a rule (X1, X5), unless the interrupted sp is on no stack.
#include <cstdint>

#include "arch/exceptions.hpp"
#include "memory/stacks.hpp"
#include "scenarios/list.hpp"
#include "sched/scheduler.hpp"

namespace demo {
namespace {

using kernel::ExceptionClass;
using kernel::ExceptionFrame;
using surefoot::Evidence;
using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::StopReason;

constexpr Evidence at_exception = EvidenceBit::crossed_exception | EvidenceBit::in_special_range;

}  // namespace

// brk_probe: X5, a breakpoint instruction that a probe put into a function.

DEMO_FUNCTION void record_from_brk(ExceptionFrame& frame) noexcept {
  record_here();
  kernel::step_over(frame);
}

DEMO_FUNCTION void executes_brk() noexcept { asm volatile("brk #0x5f" ::: "memory"); }

DEMO_FUNCTION void run_brk_probe() noexcept {
  const kernel::ExceptionHook before = kernel::set_exception_hook(ExceptionClass::brk, record_from_brk);
  executes_brk();
  kernel::set_exception_hook(ExceptionClass::brk, before);
}

constexpr ExpectedFrames brk_probe_frames[] = {
    {"record_from_brk"}, {"kernel_handle_synchronous"}, {"el1h_64_sync"},     {"executes_brk"}, {"run_brk_probe"},
    {"scenario_task"},   {"kernel_task_begin"},         {"kernel_task_entry"}};
constinit const Scenario brk_probe{
    "brk_probe",
    run_brk_probe,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record, at_exception, brk_probe_frames}};

// data_abort: X5, a load from the guard page of another stack.

DEMO_FUNCTION void record_from_data_abort(ExceptionFrame& frame) noexcept {
  record_here();
  kernel::step_over(frame);
}

DEMO_FUNCTION void reads_unmapped(std::uint64_t address) noexcept {
  std::uint64_t nowhere;
  asm volatile("ldr %0, [%1]" : "=r"(nowhere) : "r"(address) : "memory");
}

DEMO_FUNCTION void run_data_abort() noexcept {
  const kernel::ExceptionHook before = kernel::set_exception_hook(ExceptionClass::data_abort, record_from_data_abort);
  reads_unmapped(kernel::guard_below(kernel::irq_stack()).start());
  kernel::set_exception_hook(ExceptionClass::data_abort, before);
}

constexpr ExpectedFrames data_abort_frames[] = {{"record_from_data_abort"}, {"kernel_handle_synchronous"},
                                                {"el1h_64_sync"},           {"reads_unmapped"},
                                                {"run_data_abort"},         {"scenario_task"},
                                                {"kernel_task_begin"},      {"kernel_task_entry"}};
constinit const Scenario data_abort{
    "data_abort",
    run_data_abort,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record, at_exception, data_abort_frames}};

// stack_overflow: X4 and T10. The task's stack is used up, so the handler runs on the overflow stack, and the
// interrupted sp is in the guard page. A rule of the frame table is not followed from there: what is above such an sp
// is not known to be the function's frame. The frame record is. The task cannot go on: it ends there.
//
// X14: with a frame that does not hold sp, the walk takes the frame's end for it, which is the end of the overflow
// stack. It finds nothing there by sp. But the rule of the function that overflows is in terms of the frame pointer,
// and holds.

DEMO_FUNCTION void record_from_overflow(ExceptionFrame& frame) noexcept {
  record_here();
  require(!kernel::sched::current().stack().contains(kernel::interrupted_sp(frame), 1), "sp is off the task's stack");
  kernel::set_stack_overflow_hook(nullptr);
  kernel::sched::retire_interrupted_task(frame);
}

// Recurses while there is room, and then takes more than there is.
DEMO_FUNCTION unsigned overflow_step(unsigned depth) noexcept {  // NOLINT(misc-no-recursion): the point of it
  constexpr std::uint64_t enough_for_a_step = 2048;
  const auto sp = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const std::uint64_t left = sp - kernel::sched::current().stack().start();
  auto* const room =
      static_cast<volatile unsigned char*>(__builtin_alloca(left > enough_for_a_step ? 512 : left + 512));
  room[0] = 0;  // so that it takes its room
  const unsigned sum = depth == 0 ? 0 : overflow_step(depth - 1) + 1;
  stay_on_stack();
  return sum;
}

DEMO_FUNCTION void run_stack_overflow() noexcept {
  kernel::set_stack_overflow_hook(record_from_overflow);
  static_cast<void>(overflow_step(1'000));  // of more than half a kilobyte each
  require(false, "the task does not come back");
}

constexpr ExpectedFrames stack_overflow_frames[] = {{"record_from_overflow"},     {"kernel_handle_stack_overflow"},
                                                    {"exception_stack_overflow"}, {"overflow_step", once_or_more},
                                                    {"run_stack_overflow"},       {"scenario_task"},
                                                    {"kernel_task_begin"},        {"kernel_task_entry"}};
constinit const Scenario stack_overflow{
    "stack_overflow",
    run_stack_overflow,
    {Reliability::unreliable, has_sp_in_frame ? Reliability::unreliable : Reliability::reliable,
     StopReason::final_record,
     at_exception | EvidenceBit::changed_stack | (has_sp_in_frame ? EvidenceBit::unknown_interrupted_code : Evidence()),
     stack_overflow_frames}};

}  // namespace demo
