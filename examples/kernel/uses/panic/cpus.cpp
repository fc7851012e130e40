// SPDX-License-Identifier: MIT
//
// Failures of more than one CPU.
#include <cstdint>

#include "arch/interrupt_mask.hpp"
#include "arch/panic.hpp"
#include "console/console.hpp"
#include "sched/scheduler.hpp"
#include "uses/panic/kinds.hpp"

namespace panics {
namespace {

constinit std::uint32_t arrived = 0;

void arrive() noexcept { __atomic_fetch_add(&arrived, 1, __ATOMIC_ACQ_REL); }
void wait_for(std::uint32_t count) noexcept {
  while (__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < count) asm volatile("yield");
}

PANIC_FUNCTION void panic_together() noexcept {
  kernel::mask_interrupts();  // so that neither stops the other before it panics itself
  arrive();
  wait_for(2);
  kernel::panic("two CPUs at once");
}

// Stops in the middle of a line, with the console its own.
PANIC_FUNCTION void die_with_console() noexcept {
  kernel::mask_interrupts();
  const kernel::console::Hold hold(kernel::console::Patience::endless);
  kernel::console::write("a line that is ne");
  arrive();
  for (;;) asm volatile("yield");
}

void start(const char* name, void (*function)(std::uint64_t) noexcept) noexcept {
  if (kernel::sched::create(name, function) == nullptr) kernel::panic("no room for a task");
}

}  // namespace

PANIC_FUNCTION void panic_on_two_cpus() noexcept {
  start("second", [](std::uint64_t) noexcept {
    panic_together();
    stay_on_stack();
  });
  panic_together();
  stay_on_stack();
}

PANIC_FUNCTION void panic_beside_a_dead_cpu() noexcept {
  start("dead", [](std::uint64_t) noexcept {
    die_with_console();
    stay_on_stack();
  });
  wait_for(1);
  kernel::panic("another CPU has stopped working");
}

}  // namespace panics
