// SPDX-License-Identifier: MIT
//
// Interrupts: by the timer, and by software at a chosen instruction; on which stack their handler runs.
#include "arch/interrupts.hpp"

#include <cstdint>

#include "arch/exceptions.hpp"
#include "arch/interrupt_mask.hpp"
#include "devices/generic_timer.hpp"
#include "memory/stacks.hpp"
#include "platform/check.hpp"
#include "platform/probes.hpp"
#include "sched/scheduler.hpp"

namespace kernel::selftest {
namespace {

struct Seen {
  volatile std::uint32_t count;
  std::uint64_t pc;
  bool was_on_irq_stack;
  bool links_to_the_frame;
};
constinit Seen seen = {};

// The address of the first record of this call's chain that is not on the IRQ stack. Bounded: records there go up.
std::uint64_t find_record_off_the_irq_stack() noexcept {
  auto at = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  while (irq_stack().contains(at, sizeof(surefoot::FrameRecord))) {
    // SAFETY: inside the IRQ stack, by the line above.
    const std::uint64_t next = reinterpret_cast<const surefoot::FrameRecord*>(at)->fp;
    if (next <= at && irq_stack().contains(next, 1)) return 0;
    at = next;
  }
  return at;
}

void note(ExceptionFrame& frame) noexcept {
  const auto own_record = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  seen.pc = frame.pc;
  seen.was_on_irq_stack = irq_stack().contains(own_record, sizeof(surefoot::FrameRecord));
  seen.links_to_the_frame = find_record_off_the_irq_stack() == reinterpret_cast<std::uintptr_t>(&record_of(frame));
  seen.count = seen.count + 1;
}

void note_timer(ExceptionFrame& frame) noexcept {
  generic_timer::disarm();
  note(frame);
}

// Steps over the BRK, with interrupts on and one of them pending: it is taken before the instruction after the BRK.
void interrupt_after_brk(ExceptionFrame& frame) noexcept {
  interrupts::raise_software_interrupt();
  step_over(frame);
  frame.pstate &= ~pstate_interrupts_masked;
}

bool timer_interrupts_within_a_second() noexcept {
  seen = {};
  interrupts::set_handler(generic_timer::interrupt_id, note_timer);
  generic_timer::arm(1000);
  const std::uint64_t start = generic_timer::now();
  while (seen.count == 0 && generic_timer::now() - start < generic_timer::frequency()) {
  }
  return seen.count == 1;
}

}  // namespace

void check_interrupts() noexcept {
  check("interrupts: the timer interrupts", timer_interrupts_within_a_second());
  check("interrupts: the handler runs on the IRQ stack", seen.was_on_irq_stack);
  check("interrupts: the handler's records link back to the frame", seen.links_to_the_frame);

  interrupts::set_handler(interrupts::software_id, note);
  seen = {};
  interrupts::raise_software_interrupt();
  check("interrupts: a software interrupt is taken at once", seen.count == 1);

  seen = {};
  mask_interrupts();
  interrupts::raise_software_interrupt();
  const bool was_held_back = seen.count == 0;
  const std::uint64_t changed = probe_registers_over_interrupt();
  check("interrupts: one that was masked is taken when unmasked", was_held_back && seen.count == 1);
  check("interrupts: no register changes across an interrupt", changed == 0);

  seen = {};
  const ExceptionHook before = set_exception_hook(ExceptionClass::brk, interrupt_after_brk);
  static_cast<void>(probe_registers_over_brk());
  set_exception_hook(ExceptionClass::brk, before);
  check("interrupts: one can be aimed at an instruction",
        seen.count == 1 && seen.pc == reinterpret_cast<std::uintptr_t>(probe_brk_instruction) + 4);
}

}  // namespace kernel::selftest
