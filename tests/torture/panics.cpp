// SPDX-License-Identifier: MIT
#include "torture/panics.hpp"

#include <cstdint>

#include "arch/interrupt_mask.hpp"
#include "arch/panic.hpp"
#include "sched/scheduler.hpp"

namespace torture {
namespace {

constinit std::uint32_t arrived = 0;

// Not before the other CPU does.
[[noreturn]] void panic_together(std::uint64_t) noexcept {
  kernel::mask_interrupts();  // so that neither stops the other before it panics itself
  __atomic_fetch_add(&arrived, 1, __ATOMIC_ACQ_REL);
  while (__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < 2) {
  }
  // No memory is there: to print the task's name is to panic again.
  kernel::sched::current().name = reinterpret_cast<const char*>(std::uintptr_t{0x1000});
  kernel::panic("two at once");
}

}  // namespace

void panic_twice_on_two_cpus() noexcept {
  if (kernel::sched::create("panics", panic_together) == nullptr) kernel::panic("no room for a task");
  panic_together(0);
}

}  // namespace torture
