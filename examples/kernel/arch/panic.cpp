// SPDX-License-Identifier: MIT
#include "arch/panic.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "arch/cpu.hpp"
#include "arch/cpu_features.hpp"
#include "arch/exception_numbers.h"
#include "arch/exceptions.hpp"
#include "arch/interrupts.hpp"
#include "arch/system_registers.hpp"
#include "console/console.hpp"
#include "devices/generic_timer.hpp"
#include "memory/page_tables.hpp"
#include "memory/stacks.hpp"
#include "sched/scheduler.hpp"
#include "semihosting/semihosting.hpp"
#include "smp/smp.hpp"
#include "surefoot/panic.hpp"

namespace kernel {
namespace {

namespace reports = surefoot::panic;

constinit PanicDescription description{};

constinit reports::AllCpus all_cpus{};

// What a CPU leaves for the one that panics, and what that makes of it.
struct LeftByCpu {
  reports::OwnCpu state{};
  const ExceptionFrame* stopped_at = nullptr;  // the frame of the interrupt that stopped it
  const Task* stopped_task = nullptr;
  surefoot::Stack stacks[2];
  surefoot::Task task;
};
constinit std::array<LeftByCpu, cpu::most> left_by_cpu{};

// A bit for each CPU that has stopped, and for each that panicked and has no more to print.
constinit std::uint32_t stopped = 0;
constinit std::uint32_t reported = 0;

constexpr std::uint32_t bit(unsigned cpu) noexcept { return std::uint32_t{1} << cpu; }

void mask_all() noexcept { asm volatile("msr daifset, #0xf" ::: "memory"); }

[[noreturn]] void park(std::uint32_t& bits) noexcept {
  __atomic_fetch_or(&bits, bit(cpu::index()), __ATOMIC_RELEASE);
  for (;;) wait_for_interrupt();
}

// Tells by the translation whether a read would fault [arm-arm, AT S1E1R, PAR_EL1].
bool is_mapped(std::uint64_t address) noexcept {
#ifdef KERNEL_AT_EL2
  asm volatile("at s1e2r, %0" ::"r"(address) : "memory");
#else
  asm volatile("at s1e1r, %0" ::"r"(address) : "memory");
#endif
  instruction_barrier();
  return (KERNEL_READ_REGISTER("par_el1") & 1) == 0;
}

bool read_if_mapped(void*, std::uint64_t address, std::uint64_t* word) noexcept {
  if (!is_mapped(address)) return false;
  // SAFETY: it is mapped, and a multiple of 8, as those who read through this promise.
  *word = *reinterpret_cast<const volatile std::uint64_t*>(address);
  return true;
}

constexpr surefoot::ForeignMemory checked_memory{.read = read_if_mapped};

// The running task; null before there is one. Its register is then whatever the firmware left.
const Task* find_current() noexcept {
  const auto current = KERNEL_READ_REGISTER("tpidr" KERNEL_LEVEL);
  for (unsigned index = 0; index != task_count; ++index) {
    const Task& task = sched::at(index);
    if (reinterpret_cast<std::uintptr_t>(&task) == current && task.stacks.size() != 0) return &task;
  }
  return nullptr;
}

const Task* find_running_on(unsigned cpu) noexcept {
  for (unsigned index = 0; index != task_count; ++index) {
    const Task& task = sched::at(index);
    if (task.cpu == cpu && surefoot::TaskActivity::is_running(task.activity.load())) return &task;
  }
  return nullptr;
}

// What is known of the task on a CPU, whose stacks it may use.
void describe(const Task* task, unsigned cpu, reports::Report& report) noexcept {
  LeftByCpu& own = left_by_cpu[cpu];
  own.stacks[0] = {.range = irq_stack(cpu), .kind = surefoot::StackKind::irq};
  own.stacks[1] = {.range = overflow_stack(cpu), .kind = surefoot::StackKind::overflow};
  own.task = {.cpu_stacks = surefoot::StackSet::make(own.stacks).value_or(surefoot::StackSet())};
  report.task = &own.task;
  if (task == nullptr) return;
  report.task_name = task->name;
  report.task_number = task->index;
  own.task.stacks = task->stacks;
  own.task.final_record_at = task->final_record_at();
  if (description.return_stacks_of != nullptr) own.task.return_stacks = description.return_stacks_of(*task);
}

bool take_console(void*) noexcept { return console::take(console::Patience::bounded); }
void release_console(void*) noexcept { console::release(); }
void write(void*, const char* text, std::size_t size) noexcept { console::write(std::span(text, size)); }

void stop_others(void*) noexcept {
  for (unsigned cpu = 0; cpu != smp::count(); ++cpu) {
    if (cpu != cpu::index()) interrupts::send(cpu, interrupts::stop_id);
  }
}

// Waits for a second at most: it may be in no state to stop.
reports::Standing wait_for(void*, std::uint32_t cpu, reports::Report& known) noexcept {
  const std::uint64_t start = generic_timer::now();
  for (;;) {
    if ((__atomic_load_n(&reported, __ATOMIC_ACQUIRE) & bit(cpu)) != 0) return reports::Standing::reported;
    if ((__atomic_load_n(&stopped, __ATOMIC_ACQUIRE) & bit(cpu)) != 0) {
      describe(left_by_cpu[cpu].stopped_task, cpu, known);
      known.exception_frame_at = reinterpret_cast<std::uintptr_t>(left_by_cpu[cpu].stopped_at);
      return reports::Standing::stopped;
    }
    if (generic_timer::now() - start > generic_timer::frequency()) break;
  }
  describe(find_running_on(cpu), cpu, known);
  return reports::Standing::silent;
}

// Reports, and comes to an end: of the machine if this CPU began first, else of this CPU.
[[noreturn]] void end(reports::Report& report) noexcept {
  mask_all();
  const unsigned cpu = cpu::index();
  // Before the image has described itself: of it nothing is known but this.
  const surefoot::CodeMap no_code;
  surefoot::KernelDescription little{.code = &no_code, .exception = exception_layout};
  if (cpu::is_pointer_authentication_on()) {
    little.pac = surefoot::PointerAuthMask::for_address_bits(memory::virtual_address_bits);
  }
  const auto unknown = surefoot::Kernel::make(little);
  report.cpu = cpu;
  report.general_registers = SUREFOOT_ENTRY_FRAME_OFFSET_X0;
  report.kernel = description.kernel != nullptr ? description.kernel : &*unknown;
  report.symbols = description.symbols;
  report.memory = &checked_memory;
  describe(find_current(), cpu, report);
  const reports::Port port{.write = write,
                           .take_console = take_console,
                           .release_console = release_console,
                           .cpu_count = smp::count(),
                           .stop_others = stop_others,
                           .wait_for = wait_for};
  const reports::Outcome outcome = reports::handle(report, port, all_cpus, left_by_cpu[cpu].state);
  switch (outcome) {  // No default: -Wswitch names the enumerator that this forgot.
    case reports::Outcome::stay: park(reported);
    case reports::Outcome::end_machine:
    case reports::Outcome::give_up: break;
  }
  semihosting::exit(1);
}

// A text that is made of pieces.
class Text {
 public:
  [[nodiscard]] const char* terminated() const noexcept { return text_; }
  Text& operator<<(const char* piece) noexcept {
    while (*piece != '\0' && size_ + 1 < sizeof text_) text_[size_++] = *piece++;
    return *this;
  }
  Text& operator<<(std::uint64_t number) noexcept {
    *this << "0x";
    for (int shift = 60; shift >= 0; shift -= 4) {
      const char digit[] = {"0123456789abcdef"[number >> shift & 0xf], '\0'};
      *this << digit;
    }
    return *this;
  }

 private:
  char text_[128] = {};
  std::size_t size_ = 0;
};

}  // namespace

void describe_for_panic(const PanicDescription& given) noexcept { description = given; }

void panic(const char* reason) noexcept {
  const surefoot::Start start = surefoot::Start::here();
  reports::Report report{.reason = reason, .start = &start};
  end(report);
}

void panic(const char* reason, const ExceptionFrame& frame) noexcept {
  reports::Report report{.reason = reason, .exception_frame_at = reinterpret_cast<std::uintptr_t>(&frame)};
  end(report);
}

void panic(const char* reason, const ExceptionFrame& frame, const Syndrome& cause) noexcept {
  const reports::Syndrome syndrome{.esr = cause.esr, .far = cause.far};
  reports::Report report{
      .reason = reason, .exception_frame_at = reinterpret_cast<std::uintptr_t>(&frame), .syndrome = &syndrome};
  end(report);
}

void stop_for_panic(ExceptionFrame& frame) noexcept {
  LeftByCpu& own = left_by_cpu[cpu::index()];
  own.stopped_at = &frame;
  own.stopped_task = find_current();
  park(stopped);
}

/// Called by the entry paths of vectors that have no handler. `number` counts the entries of the vector table.
extern "C" [[noreturn]] void kernel_unexpected_exception(const ExceptionFrame& frame, std::uint64_t number) noexcept {
  static constexpr const char* kinds[] = {"synchronous exception", "IRQ", "FIQ", "SError"};
  static constexpr const char* sources[] = {"EL1 on SP_EL0", "EL1", "EL0", "EL0 in AArch32"};
  Text reason;
  reason << "no handler for " << kinds[number % 4] << " from " << sources[number / 4 % 4];
  // Of interrupts the syndrome is that of an earlier exception.
  if (number % 4 == 1 || number % 4 == 2) panic(reason.terminated(), frame);
  panic(reason.terminated(), frame, read_syndrome());
}

/// Called by exception_stack_overflow when that stack has overflowed itself. `sp` is where it was then. No frame could
/// be made, so that all that is left of the registers is in words.
extern "C" [[noreturn]] void kernel_overflow_stack_exhausted(std::uint64_t sp) noexcept {
  const Syndrome cause = read_syndrome();
  const reports::Syndrome syndrome{.esr = cause.esr, .far = cause.far};
  Text reason;
  reason << "the overflow stack has overflowed: sp " << sp << ", pc " << KERNEL_READ_REGISTER("elr" KERNEL_LEVEL);
  reports::Report report{.reason = reason.terminated(), .syndrome = &syndrome};
  end(report);
}

}  // namespace kernel
