// SPDX-License-Identifier: MIT
#include "arch/panic.hpp"

#include <cstdint>

#include "arch/exception_numbers.h"
#include "arch/exceptions.hpp"
#include "arch/system_registers.hpp"
#include "console/console.hpp"
#include "semihosting/semihosting.hpp"

namespace kernel {
namespace {

using console::hex;
using console::print;

constinit bool is_panicking = false;

// A panic in a panic must not start over: it stops, with what has been printed so far on the screen.
void begin_panic(const char* reason) noexcept {
  asm volatile("msr daifset, #0xf" ::: "memory");
  if (is_panicking) {
    for (;;) wait_for_interrupt();
  }
  is_panicking = true;
  print("\npanic: ", reason, "\n");
}

[[noreturn]] void end_panic() noexcept { semihosting::exit(1); }

const char* name_of(ExceptionClass kind) noexcept {
  switch (kind) {  // No default: -Wswitch names the enumerator that this forgot.
    case ExceptionClass::unknown: return "undefined instruction";
    case ExceptionClass::branch_target: return "indirect branch to no landing pad";
    case ExceptionClass::illegal_state: return "illegal execution state";
    case ExceptionClass::svc: return "svc";
    case ExceptionClass::pointer_authentication: return "failed pointer authentication";
    case ExceptionClass::instruction_abort_from_el0: return "instruction abort from EL0";
    case ExceptionClass::instruction_abort: return "instruction abort";
    case ExceptionClass::pc_alignment: return "misaligned pc";
    case ExceptionClass::data_abort_from_el0: return "data abort from EL0";
    case ExceptionClass::data_abort: return "data abort";
    case ExceptionClass::sp_alignment: return "misaligned sp";
    case ExceptionClass::breakpoint: return "hardware breakpoint";
    case ExceptionClass::software_step: return "software step";
    case ExceptionClass::watchpoint: return "watchpoint";
    case ExceptionClass::brk: return "brk";
  }
  return "class without a name";
}

void print_registers(const ExceptionFrame& frame) noexcept {
  // An interrupt has no syndrome, and leaves that of an earlier exception.
  const Syndrome syndrome = read_syndrome();
  print("esr ", hex(syndrome.esr), " (", name_of(exception_class(syndrome.esr)), ") far ", hex(syndrome.far, 16), "\n");
  print("pc  ", hex(frame.pc, 16), " pstate ", hex(frame.pstate), frame.is_from_el0() ? " from EL0\n" : " from EL1\n");
  print("fp  ", hex(frame.fp, 16), " lr ", hex(frame.lr, 16), " sp ", hex(interrupted_sp(frame), 16), "\n");
  std::uint32_t number = 0;
  for (const std::uint64_t value : frame.x) {
    print("x", number, number < 10 ? "  " : " ", hex(value, 16), number % 4 == 3 ? "\n" : " ");
    ++number;
  }
  print("\n");
}

}  // namespace

void panic(const char* reason) noexcept {
  begin_panic(reason);
  end_panic();
}

void panic(const char* reason, const ExceptionFrame& frame) noexcept {
  begin_panic(reason);
  print_registers(frame);
  end_panic();
}

/// Called by the entry paths of vectors that have no handler. `number` counts the entries of the vector table.
extern "C" [[noreturn]] void kernel_unexpected_exception(const ExceptionFrame& frame, std::uint64_t number) noexcept {
  static constexpr const char* kinds[] = {"synchronous exception", "IRQ", "FIQ", "SError"};
  static constexpr const char* sources[] = {"EL1 on SP_EL0", "EL1", "EL0", "EL0 in AArch32"};
  begin_panic("exception without a handler");
  print(kinds[number % 4], " from ", sources[number / 4 % 4], "\n");
  print_registers(frame);
  end_panic();
}

/// Called by exception_stack_overflow when that stack has overflowed itself. `sp` is where it was then.
extern "C" [[noreturn]] void kernel_overflow_stack_exhausted(std::uint64_t sp) noexcept {
  begin_panic("the overflow stack has overflowed");
  print("sp ", hex(sp, 16), " elr ", hex(KERNEL_READ_REGISTER("elr_el1"), 16), " esr ",
        hex(KERNEL_READ_REGISTER("esr_el1")), " far ", hex(KERNEL_READ_REGISTER("far_el1"), 16), "\n");
  end_panic();
}

}  // namespace kernel
