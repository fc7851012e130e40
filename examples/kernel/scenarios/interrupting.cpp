// SPDX-License-Identifier: MIT
#include "scenarios/interrupting.hpp"

#include "arch/exceptions.hpp"
#include "scenarios/hardware_breakpoint.hpp"

namespace demo {
namespace {

using kernel::ExceptionClass;
using kernel::ExceptionFrame;

constinit std::uint64_t wanted_pc = 0;

void raise_at_breakpoint(ExceptionFrame&) noexcept {
  HardwareBreakpoint::disarm();
  kernel::interrupts::raise_software_interrupt();
}

}  // namespace

DEMO_FUNCTION void interrupt_at(std::uint64_t pc, void (*function)() noexcept) noexcept {
  const kernel::ExceptionHook before = kernel::set_exception_hook(ExceptionClass::breakpoint, raise_at_breakpoint);
  wanted_pc = pc;
  {
    const HardwareBreakpoint breakpoint(pc);
    function();
  }
  kernel::set_exception_hook(ExceptionClass::breakpoint, before);
}

void require_wanted_pc(const ExceptionFrame& frame) noexcept {
  require(frame.pc == wanted_pc, "the interrupt hits the chosen instruction");
}

DEMO_FUNCTION void record_at_wanted_pc(ExceptionFrame& frame) noexcept {
  require_wanted_pc(frame);
  record_here();
  stay_on_stack();
}

}  // namespace demo
