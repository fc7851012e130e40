// SPDX-License-Identifier: MIT
//
// The PMU's event counter for retired instructions [arm-arm D11, "The Performance Monitors Extension"]. QEMU offers the
// event under -icount shift=0 only, and counts exactly then.
#include "count/counter.hpp"

#include "arch/interrupt_mask.hpp"
#include "arch/system_registers.hpp"
#include "console/console.hpp"

extern "C" {
void bench_counted_call(bench::CountedCall* call) noexcept;
void bench_two_instructions() noexcept;
void bench_known_loop(std::uint64_t turns) noexcept;
}

namespace bench {
namespace {

using kernel::console::print;

constexpr std::uint64_t event_instruction_retired = 0x08;
constexpr std::uint64_t enable_counters = 1 << 0;         // PMCR_EL0.E
constexpr std::uint64_t enable_event_counter_0 = 1 << 0;  // PMCNTENSET_EL0.P0

constinit std::uint64_t counting = 0;  // instructions that are not the callee's
constinit bool failed = false;

std::uint64_t count_raw(CountedCall& call) noexcept {
  const kernel::InterruptsMasked masked;
  bench_counted_call(&call);
  return call.instructions;
}

void print_line(const char* kind, std::initializer_list<const char*> name) noexcept {
  print(kind, " ");
  const char* separator = "";
  for (const char* part : name) {
    print(separator, part);
    separator = "/";
  }
}

}  // namespace

bool start_counter() noexcept {
  KERNEL_WRITE_REGISTER("pmevtyper0_el0", event_instruction_retired);
  KERNEL_WRITE_REGISTER("pmcntenset_el0", enable_event_counter_0);
  KERNEL_WRITE_REGISTER("pmcr_el0", KERNEL_READ_REGISTER("pmcr_el0") | enable_counters);
  kernel::instruction_barrier();

  CountedCall two{.function = reinterpret_cast<std::uintptr_t>(&bench_two_instructions)};
  counting = count_raw(two) - 2;
  for (const std::uint64_t turns : {1U, 1000U, 100'000U}) {
    CountedCall loop{.function = reinterpret_cast<std::uintptr_t>(&bench_known_loop), .arguments = {turns}};
    const std::uint64_t counted = count(loop).instructions;
    if (counted == 3 * turns + 2) continue;
    print("no exact counter: ", turns, " turns are ", counted, " instructions; run QEMU with -icount shift=0\n");
    return false;
  }
  return true;
}

Cost count(CountedCall& call) noexcept {
  const std::uint64_t instructions = count_raw(call) - counting;
  return {.instructions = instructions, .stack_bytes = call.stack_bytes};
}

void report_count(std::initializer_list<const char*> name, std::uint64_t value) noexcept {
  print_line("count", name);
  print(" ", value, "\n");
}

void report_stack(std::initializer_list<const char*> name, std::uint64_t bytes) noexcept {
  print_line("stack", name);
  print(" ", bytes, "\n");
}

void report_failure(std::initializer_list<const char*> name, const char* what) noexcept {
  failed = true;
  print_line("failed", name);
  print(": ", what, "\n");
}

bool has_failed() noexcept { return failed; }

}  // namespace bench
