// SPDX-License-Identifier: MIT
//
// Walks of another task than the one that walks: off the CPU by its own will or by an interrupt, running, or in EL0.
#include <cstdint>

#include "arch/exceptions.hpp"
#include "scenarios/damage.hpp"
#include "scenarios/list.hpp"
#include "sched/scheduler.hpp"
#include "user/user_memory.hpp"
#include "user/user_program.hpp"

namespace demo {
namespace {

using kernel::Task;
using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::Start;
using surefoot::StopReason;

// Set by the scenario when the other task has served its purpose.
constinit Flag may_end = 0;

void record_task(const Task& task) noexcept {
  record(Start::blocked_task(task.context.registers, task.activity), kernel::walks::blocked(task));
}

}  // namespace

// blocked_task: T1, a task that waits.

DEMO_FUNCTION void waits_inner() noexcept {
  while (may_end == 0) kernel::sched::block();
}

DEMO_FUNCTION void waits_outer() noexcept {
  waits_inner();
  stay_on_stack();
}

DEMO_FUNCTION void waiting_task(std::uint64_t) noexcept {
  waits_outer();
  stay_on_stack();
}

void run_blocked_task() noexcept {
  may_end = 0;
  Task* const task = kernel::sched::create("waiting", waiting_task);
  require(task != nullptr, "there is room for a task");
  kernel::sched::yield();
  record_task(*task);
  may_end = 1;
  kernel::sched::wake(*task);
  kernel::sched::join(*task);
}

constexpr ExpectedFrames blocked_task_frames[] = {{"switch_to"},         {"switch_away"},      {"block"},
                                                  {"waits_inner"},       {"waits_outer"},      {"waiting_task"},
                                                  {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario blocked_task{
    "blocked_task",
    run_blocked_task,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, blocked_task_frames}};

// irq_preempted: X1, a task that the timer took the CPU from, somewhere in a loop: at any of its instructions the frame
// table has a rule.

constinit Flag is_spinning = 0;

DEMO_FUNCTION void spins() noexcept {
  is_spinning = 1;
  while (may_end == 0) {
  }
}

DEMO_FUNCTION void spinning_task(std::uint64_t) noexcept {
  spins();
  stay_on_stack();
}

void run_irq_preempted() noexcept {
  may_end = 0;
  is_spinning = 0;
  Task* const task = kernel::sched::create("spinning", spinning_task);
  require(task != nullptr, "there is room for a task");
  kernel::sched::start_time_slices(100'000);
  // Each yield lasts until the other task's time is up, which on a busy host may be before it has come to the loop.
  while (is_spinning == 0) kernel::sched::yield();
  kernel::sched::stop_time_slices();
  record_task(*task);
  may_end = 1;
  kernel::sched::join(*task);
}

constexpr ExpectedFrames irq_preempted_frames[] = {
    {"switch_to"}, {"yield"},         {"kernel_preempt"},    {"el1h_64_irq"},
    {"spins"},     {"spinning_task"}, {"kernel_task_begin"}, {"kernel_task_entry"}};
constinit const Scenario irq_preempted{
    "irq_preempted",
    run_irq_preempted,
    {Reliability::unreliable, Reliability::reliable, StopReason::final_record,
     EvidenceBit::crossed_exception | EvidenceBit::in_special_range, irq_preempted_frames}};

// running_task_refused: T14. The task that walks is itself running.

void run_running_task_refused() noexcept { record_task(kernel::sched::current()); }

constinit const Scenario running_task_refused{
    "running_task_refused",
    run_running_task_refused,
    {Reliability::unreliable, Reliability::unreliable, StopReason::task_running, {}, {}}};

// fp_other_stack: T9, a record that leads to a sound chain, but one of another task.

DEMO_FUNCTION void goes_astray(std::uint64_t others_fp) noexcept { record_with_fp(own_record(), others_fp); }

DEMO_FUNCTION void run_fp_other_stack() noexcept {
  may_end = 0;
  Task* const task = kernel::sched::create("waiting", waiting_task);
  require(task != nullptr, "there is room for a task");
  kernel::sched::yield();
  goes_astray(task->context.registers.fp);
  may_end = 1;
  kernel::sched::wake(*task);
  kernel::sched::join(*task);
}

constexpr ExpectedFrames fp_other_stack_frames[] = {{"goes_astray"}, {"run_fp_other_stack"}};
constinit const Scenario fp_other_stack{
    "fp_other_stack",
    run_fp_other_stack,
    {Reliability::unreliable, Reliability::unreliable, StopReason::off_stack, {}, fp_other_stack_frames}};

// svc_from_user: X3. The handler's chain ends where EL0 was interrupted: at the task's final record.

DEMO_FUNCTION void record_from_svc(kernel::ExceptionFrame& frame) noexcept {
  record_here();
  kernel::set_exception_hook(kernel::ExceptionClass::svc, nullptr);
  kernel::sched::retire_interrupted_task(frame);
}

void run_svc_from_user() noexcept {
  kernel::set_exception_hook(kernel::ExceptionClass::svc, record_from_svc);
  kernel::sched::enter_user(kernel::user_program_at());
}

constexpr ExpectedFrames svc_from_user_frames[] = {{"record_from_svc"}, {"kernel_handle_synchronous"}, {"el0_64_sync"}};
constinit const Scenario svc_from_user{
    "svc_from_user",
    run_svc_from_user,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, svc_from_user_frames}};

// svc_from_user_calls: X16. The same, and behind the kernel's trace that of the program, which has no part in the
// verdict.

constinit std::uint64_t user_pcs[8];

DEMO_FUNCTION void record_with_user_trace(kernel::ExceptionFrame& frame) noexcept {
  record_here();
  const surefoot::UserThread thread{
      .pc = frame.pc, .fp = frame.fp, .sp = KERNEL_READ_REGISTER("sp_el0"), .stack = kernel::user_stack()};
  const surefoot::UserTrace trace = walk_user(kernel::user_space(), thread, user_pcs);
  record_user(trace);
  require(trace.stop == surefoot::UserStop::chain_end && trace.pcs.size() == 3, "the program's chain is found");
  constexpr std::uint64_t after_call = 3 * surefoot::instruction_size;
  const char* const functions[] = {user_inner, user_outer, user_calls};
  for (std::size_t i = 0; i < trace.pcs.size() && i < 3; ++i) {
    require(trace.pcs[i] == kernel::memory::user_address(address_of(functions[i]) + after_call), "it is as called");
  }
  std::uint64_t word = 0;
  require(!kernel::read_user_word(nullptr, address_of(&frame), &word), "no memory of the kernel is read for a program");
  kernel::set_exception_hook(kernel::ExceptionClass::svc, nullptr);
  kernel::sched::retire_interrupted_task(frame);
}

void run_svc_from_user_calls() noexcept {
  kernel::set_exception_hook(kernel::ExceptionClass::svc, record_with_user_trace);
  kernel::sched::enter_user(address_of(user_calls));
}

constexpr ExpectedFrames user_calls_frames[] = {
    {"record_with_user_trace"}, {"kernel_handle_synchronous"}, {"el0_64_sync"}};
constinit const Scenario svc_from_user_calls{
    "svc_from_user_calls",
    run_svc_from_user_calls,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, user_calls_frames}};

// from_user_frame: X3 and X12, a walk that starts at the frame of an exception from EL0: no code of the kernel was
// interrupted. Where records are typed, the frame's own record says so, otherwise pstate.

void record_from_user_frame(kernel::ExceptionFrame& frame) noexcept {
  record(Start::exception_at(address_of(&frame)), kernel::walks::at(frame));
  kernel::set_exception_hook(kernel::ExceptionClass::svc, nullptr);
  kernel::sched::retire_interrupted_task(frame);
}

void run_from_user_frame() noexcept {
  kernel::set_exception_hook(kernel::ExceptionClass::svc, record_from_user_frame);
  kernel::sched::enter_user(kernel::user_program_at());
}

constinit const Scenario from_user_frame{
    "from_user_frame",
    run_from_user_frame,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, {}}};

}  // namespace demo
