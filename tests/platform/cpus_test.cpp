// SPDX-License-Identifier: MIT
//
// More than one CPU, where the machine has them: each runs tasks, takes interrupts on a stack of its own, and does what
// it is called for.
#include <array>
#include <cstdint>

#include "arch/cpu.hpp"
#include "memory/stacks.hpp"
#include "platform/check.hpp"
#include "sched/scheduler.hpp"
#include "smp/smp.hpp"

namespace kernel::selftest {
namespace {

constexpr std::uint32_t bit(unsigned cpu) noexcept { return std::uint32_t{1} << cpu; }

constinit std::uint32_t called = 0;
constinit std::uint32_t on_own_stack = 0;
constinit std::uint32_t met = 0;

void note_call(std::uint64_t argument) noexcept {
  __atomic_fetch_or(&called, bit(cpu::index()) * static_cast<std::uint32_t>(argument), __ATOMIC_RELAXED);
  const auto own_record = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  if (irq_stack().contains(own_record, 16)) __atomic_fetch_or(&on_own_stack, bit(cpu::index()), __ATOMIC_RELAXED);
}

// Gives its CPU to nobody until tasks run on all of them at the same time.
void meet(std::uint64_t everyone) noexcept {
  __atomic_fetch_or(&met, bit(cpu::index()), __ATOMIC_RELAXED);
  while (__atomic_load_n(&met, __ATOMIC_RELAXED) != everyone) {
  }
}

bool tasks_run_on(std::uint32_t everyone) noexcept {
  std::array<Task*, cpu::most> tasks{};
  for (unsigned i = 0; i != smp::count(); ++i) tasks[i] = sched::create("meets", meet, everyone);
  for (unsigned i = 0; i != smp::count(); ++i) sched::join(*tasks[i]);
  return met == everyone;
}

}  // namespace

void check_cpus() noexcept {
  const unsigned count = smp::start_others();
  const std::uint32_t everyone = bit(count) - 1;
  check("cpus: those that were started are counted", count >= 1 && count == smp::count());
  smp::call_on_others(note_call, 1);
  check("cpus: all others make a call", (called & ~everyone) == 0 && (everyone & ~called) == bit(cpu::index()));
  check("cpus: they are interrupted on stacks of their own", on_own_stack == called);
  called = 0;
  smp::call_on_all(note_call, 1);
  check("cpus: all make a call", called == everyone);
  check("cpus: each runs a task at the same time", tasks_run_on(everyone));
}

}  // namespace kernel::selftest
