// SPDX-License-Identifier: MIT
//
// An interrupt at one chosen instruction, and a walk from its handler.
#pragma once

#include <cstdint>

#include "arch/interrupts.hpp"
#include "scenarios/scenario.hpp"

namespace demo {

/// Sets a handler for the length of a scope.
class HandlerScope {
 public:
  HandlerScope(std::uint32_t id, kernel::interrupts::Handler handler) noexcept
      : id_(id), before_(kernel::interrupts::set_handler(id, handler)) {}
  ~HandlerScope() { kernel::interrupts::set_handler(id_, before_); }
  HandlerScope(const HandlerScope&) = delete;
  HandlerScope& operator=(const HandlerScope&) = delete;

 private:
  std::uint32_t id_;
  kernel::interrupts::Handler before_;
};

/// What is noticed from the IRQ stack through the entry path to a pc that a rule knows.
inline constexpr surefoot::Evidence at_interrupt = surefoot::EvidenceBit::changed_stack |
                                                   surefoot::EvidenceBit::crossed_exception |
                                                   surefoot::EvidenceBit::in_special_range;

/// And to one that no rule knows.
inline constexpr surefoot::Evidence at_unknown_interrupt =
    at_interrupt | surefoot::EvidenceBit::unknown_interrupted_code;

/// Calls the function, with the software interrupt taken in front of the instruction at `pc`, the first time that it is
/// reached. A breakpoint stops there, and makes an interrupt pending that is taken when the breakpoint's handler
/// returns to the same instruction. Requires interrupts on.
void interrupt_at(std::uint64_t pc, void (*function)() noexcept) noexcept;

/// For a handler: the chosen instruction was hit.
void require_wanted_pc(const kernel::ExceptionFrame& frame) noexcept;

/// A handler for interrupt_at(): that, and a recording.
void record_at_wanted_pc(kernel::ExceptionFrame& frame) noexcept;

/// Lets a pending interrupt in, here and nowhere else. Interrupts are masked before and after.
[[gnu::always_inline]] inline void let_interrupt_in() noexcept {
  asm volatile("msr daifclr, #2\n\tnop\n\tmsr daifset, #2" ::: "memory");
}

}  // namespace demo
