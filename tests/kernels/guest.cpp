// SPDX-License-Identifier: MIT
//
// Guest exits (X3): a walk at EL2 from the handler of an exception that was taken at EL1. No code of the kernel was
// interrupted, so that the chain ends at the record of that frame, under both policies.
#include <cstdint>

#include "arch/exceptions.hpp"
#include "arch/interrupt_mask.hpp"
#include "arch/interrupts.hpp"
#include "kernels/list.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/stacks.hpp"
#include "sched/scheduler.hpp"

extern "C" {
extern const char guest_calls[];
extern const char guest_spins[];
[[noreturn]] void kernel_enter_guest(std::uint64_t pc, std::uint64_t guest_sp, std::uint64_t kernel_sp) noexcept;
}

namespace demo {
namespace {

using kernel::ExceptionFrame;
using kernel::Task;
using surefoot::EvidenceBit;
using surefoot::Reliability;
using surefoot::Start;
using surefoot::StopReason;

constexpr std::uint16_t call_to_end = 2;

[[noreturn]] void enter_guest(const char* pc) noexcept {
  kernel_enter_guest(reinterpret_cast<std::uintptr_t>(pc), kernel::image::user_stack().end(),
                     reinterpret_cast<std::uintptr_t>(&kernel::final_frame(kernel::sched::current().stack()) + 1));
}

// True if the guest has made its last call; then its task ends. Its task's stack was empty, whatever it was resumed by.
bool is_over(ExceptionFrame& frame) noexcept {
  require(&frame == &kernel::final_frame(kernel::sched::current().stack()), "the frame is at the top of the stack");
  if (kernel::exception_comment(kernel::read_syndrome().esr) != call_to_end) return false;
  kernel::set_exception_hook(kernel::ExceptionClass::hvc, nullptr);
  kernel::sched::retire_interrupted_task(frame);
  return true;
}

void end_guest(ExceptionFrame& frame) noexcept { require(is_over(frame), "the guest makes its last call"); }

}  // namespace

// guest_call: a guest's call, behind which it goes on.

void record_from_guest_call(ExceptionFrame& frame) noexcept {
  if (is_over(frame)) return;
  record_here();
  stay_on_stack();
}

void run_guest_call() noexcept {
  kernel::set_exception_hook(kernel::ExceptionClass::hvc, record_from_guest_call);
  enter_guest(guest_calls);
}

constexpr ExpectedFrames guest_call_frames[] = {
    {"record_from_guest_call"}, {"kernel_handle_synchronous"}, {"el0_64_sync"}};
constinit const Scenario guest_call{
    "guest_call",
    run_guest_call,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, guest_call_frames}};

// from_guest_frame: a walk that starts at the frame of a guest exit. Its pstate says EL1, which is what kernels at EL1
// say of their own code; its record says that it is the end.

void record_from_guest_frame(ExceptionFrame& frame) noexcept {
  if (is_over(frame)) return;
  require((frame.pstate & 0xf) == 4, "the frame is of EL1");
  record(Start::exception_at(reinterpret_cast<std::uintptr_t>(&frame)), kernel::walks::at(frame));
  stay_on_stack();
}

void run_from_guest_frame() noexcept {
  kernel::set_exception_hook(kernel::ExceptionClass::hvc, record_from_guest_frame);
  enter_guest(guest_calls);
}

constinit const Scenario from_guest_frame{
    "from_guest_frame",
    run_from_guest_frame,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, {}}};

// guest_interrupted: an interrupt of EL2's, taken in the guest.

void record_from_guest_interrupt(ExceptionFrame& frame) noexcept {
  require(frame.pc == reinterpret_cast<std::uintptr_t>(guest_spins), "the guest was interrupted");
  record_here();
  kernel::step_over(frame);
}

void run_guest_interrupted() noexcept {
  kernel::interrupts::set_handler(kernel::interrupts::software_id, record_from_guest_interrupt);
  kernel::set_exception_hook(kernel::ExceptionClass::hvc, end_guest);
  kernel::mask_interrupts();
  kernel::interrupts::raise_software_interrupt();
  enter_guest(guest_spins);
}

constexpr ExpectedFrames guest_interrupted_frames[] = {
    {"record_from_guest_interrupt"}, {"kernel_handle_interrupt"}, {"el0_64_irq"}};
constinit const Scenario guest_interrupted{"guest_interrupted",
                                           run_guest_interrupted,
                                           {Reliability::reliable, Reliability::reliable, StopReason::final_record,
                                            EvidenceBit::changed_stack, guest_interrupted_frames}};

// guest_preempted: the task of a guest that the timer took the CPU from.

void guest_task(std::uint64_t) noexcept { enter_guest(guest_spins); }

void run_guest_preempted() noexcept {
  kernel::set_exception_hook(kernel::ExceptionClass::hvc, end_guest);
  Task* const task = kernel::sched::create("guest", guest_task);
  require(task != nullptr, "there is room for a task");
  volatile ExceptionFrame& frame = kernel::final_frame(task->stack());
  frame.pc = 0;
  kernel::sched::start_time_slices(100'000);
  while (frame.pc != reinterpret_cast<std::uintptr_t>(guest_spins)) kernel::sched::yield();
  kernel::sched::stop_time_slices();
  record(Start::blocked_task(task->context.registers, task->activity), kernel::walks::blocked(*task));
  frame.pc = reinterpret_cast<std::uintptr_t>(guest_spins) + surefoot::instruction_size;
  kernel::sched::join(*task);
}

constexpr ExpectedFrames guest_preempted_frames[] = {{"switch_to"}, {"yield"}, {"kernel_preempt"}, {"el0_64_irq"}};
constinit const Scenario guest_preempted{
    "guest_preempted",
    run_guest_preempted,
    {Reliability::reliable, Reliability::reliable, StopReason::final_record, {}, guest_preempted_frames}};

}  // namespace demo
