// SPDX-License-Identifier: MIT
#include "arch/panic.hpp"

#include <array>
#include <cstdint>

#include "arch/cpu.hpp"
#include "arch/exception_numbers.h"
#include "arch/exceptions.hpp"
#include "arch/interrupts.hpp"
#include "arch/system_registers.hpp"
#include "console/console.hpp"
#include "devices/generic_timer.hpp"
#include "semihosting/semihosting.hpp"
#include "smp/smp.hpp"

namespace kernel {
namespace {

using console::hex;
using console::print;

constexpr std::uint32_t bit(unsigned cpu) noexcept { return std::uint32_t{1} << cpu; }

constinit std::array<unsigned, cpu::most> depths{};  // how many panics are under way on each CPU
constinit std::uint32_t first = 0;                   // 1 more than the number of the CPU that panicked first
constinit std::uint32_t silent = 0;                  // a bit for each CPU that will not print any more

void mask_all() noexcept { asm volatile("msr daifset, #0xf" ::: "memory"); }

[[noreturn]] void park() noexcept {
  __atomic_fetch_or(&silent, bit(cpu::index()), __ATOMIC_RELEASE);
  for (;;) wait_for_interrupt();
}

// Waits until the CPUs are silent, for two seconds at most: one may be in no state to stop.
void wait_for_silence(std::uint32_t cpus) noexcept {
  const std::uint64_t start = generic_timer::now();
  while ((__atomic_load_n(&silent, __ATOMIC_ACQUIRE) & cpus) != cpus) {
    if (generic_timer::now() - start > 2 * generic_timer::frequency()) return;
  }
}

// A report, from its first line to the end of this CPU. The console is its own until then.
class Report {
 public:
  explicit Report(const char* reason) noexcept : hold_((mask_all(), console::Patience::bounded)) {
    unsigned& depth = depths[cpu::index()];
    if (++depth > 2) semihosting::exit(1);  // not even the report of a failed report can be made
    std::uint32_t none = 0;
    __atomic_compare_exchange_n(&first, &none, cpu::index() + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    if (depth == 1 && is_first()) stop_others();
    // The line that the failure interrupted has its end here.
    print("\n", depth == 1 ? "panic: " : "panic in a panic: ", reason, "\n");
    if (smp::count() > 1) print("cpu ", cpu::index(), "\n");
  }
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  // Who began first ends the machine, when the others have said all they have to say.
  [[noreturn]] void end() noexcept {
    console::release();
    if (!is_first()) park();
    wait_for_silence((bit(smp::count()) - 1) & ~bit(cpu::index()));
    semihosting::exit(1);
  }

 private:
  static bool is_first() noexcept { return __atomic_load_n(&first, __ATOMIC_ACQUIRE) == cpu::index() + 1; }
  static void stop_others() noexcept {
    for (unsigned cpu = 0; cpu != smp::count(); ++cpu) {
      if (cpu != cpu::index()) interrupts::send(cpu, interrupts::stop_id);
    }
  }

  console::Hold hold_;
};

const char* name_of(ExceptionClass kind) noexcept {
  switch (kind) {  // No default: -Wswitch names the enumerator that this forgot.
    case ExceptionClass::unknown: return "undefined instruction";
    case ExceptionClass::branch_target: return "indirect branch to no landing pad";
    case ExceptionClass::illegal_state: return "illegal execution state";
    case ExceptionClass::svc: return "svc";
    case ExceptionClass::hvc: return "hvc";
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
  Report report(reason);
  report.end();
}

void panic(const char* reason, const ExceptionFrame& frame) noexcept {
  Report report(reason);
  print_registers(frame);
  report.end();
}

void stop_for_panic(ExceptionFrame&) noexcept { park(); }

/// Called by the entry paths of vectors that have no handler. `number` counts the entries of the vector table.
extern "C" [[noreturn]] void kernel_unexpected_exception(const ExceptionFrame& frame, std::uint64_t number) noexcept {
  static constexpr const char* kinds[] = {"synchronous exception", "IRQ", "FIQ", "SError"};
  static constexpr const char* sources[] = {"EL1 on SP_EL0", "EL1", "EL0", "EL0 in AArch32"};
  Report report("exception without a handler");
  print(kinds[number % 4], " from ", sources[number / 4 % 4], "\n");
  print_registers(frame);
  report.end();
}

/// Called by exception_stack_overflow when that stack has overflowed itself. `sp` is where it was then.
extern "C" [[noreturn]] void kernel_overflow_stack_exhausted(std::uint64_t sp) noexcept {
  Report report("the overflow stack has overflowed");
  print("sp ", hex(sp, 16), " elr ", hex(KERNEL_READ_REGISTER("elr" KERNEL_LEVEL), 16), " esr ",
        hex(KERNEL_READ_REGISTER("esr" KERNEL_LEVEL)), " far ", hex(KERNEL_READ_REGISTER("far" KERNEL_LEVEL), 16),
        "\n");
  report.end();
}

}  // namespace kernel
