// SPDX-License-Identifier: MIT
//
// How much stack the reports of a panic need: measured on a stack that was painted before, in the handler of an
// exception, with all that there is to print.
#include <cstddef>
#include <cstdint>

#include "arch/exceptions.hpp"
#include "boot/run.hpp"
#include "console/console.hpp"
#include "surefoot/panic.hpp"
#include "walks/description.hpp"
#include "walks/linked_tables.hpp"

namespace {

namespace console = kernel::console;
namespace reports = surefoot::panic;

constexpr std::uint64_t paint = 0x5afe'5afe'5afe'5afe;
constexpr std::size_t most = 8192;

constinit std::uint64_t characters = 0;

void count(void*, const char*, std::size_t size) noexcept { characters += size; }

constinit reports::Report report{};

void print_all() noexcept { reports::print_report(report, reports::Heading::panic, {.write = count}); }
void print_brief() noexcept { reports::print_brief(report, reports::Heading::panic, {.write = count}); }
void handle() noexcept {
  reports::AllCpus all;
  reports::OwnCpu own;
  const reports::Port port{
      .write = count, .cpu_count = 2, .wait_for = [](void*, std::uint32_t, reports::Report& known) noexcept {
        known = report;
        return reports::Standing::stopped;
      }};
  static_cast<void>(reports::handle(report, port, all, own));
}

// The deepest byte that the function writes, below the sp that it is called with.
[[gnu::noinline]] std::size_t depth_of(void (*function)() noexcept) noexcept {
  std::uint64_t sp = 0;
  asm volatile("mov %0, sp" : "=r"(sp));
  for (std::uint64_t at = sp - most; at != sp; at += sizeof paint) {
    // SAFETY: the task's stack is larger, and nothing below sp is in use.
    *reinterpret_cast<volatile std::uint64_t*>(at) = paint;
  }
  function();
  std::uint64_t lowest = sp - most;
  // SAFETY: as above.
  while (lowest != sp && *reinterpret_cast<const volatile std::uint64_t*>(lowest) == paint) lowest += sizeof paint;
  return sp - lowest;
}

void measure(kernel::ExceptionFrame& frame) {
  surefoot::Task task = kernel::walks::at(frame);
  const reports::Syndrome syndrome{.esr = 0x9600'0046, .far = 0x10};
  report = {.reason = "a reason",
            .cpu = 0,
            .task_name = "main",
            .task_number = 0,
            .exception_frame_at = reinterpret_cast<std::uintptr_t>(&frame),
            .syndrome = &syndrome,
            .kernel = &kernel::walks::description().described(),
            .task = &task,
            .symbols = kernel::walks::linked_symbols()};
  const struct {
    const char* name;
    void (*function)() noexcept;
  } functions[] = {{"print_report", print_all}, {"print_brief", print_brief}, {"handle", handle}};
  for (const auto& each : functions) {
    characters = 0;
    const std::size_t depth = depth_of(each.function);
    console::print(each.name, ": ", std::uint64_t{depth}, " bytes of stack, ", characters, " characters\n");
  }
  kernel::step_over(frame);
}

}  // namespace

int kernel::run() noexcept {
  if (!walks::initialize_tracing() || !walks::initialize()) return 1;
  set_exception_hook(ExceptionClass::brk, measure);
  asm volatile("brk #0x5f" ::: "memory");
  return 0;
}
