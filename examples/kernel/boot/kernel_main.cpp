// SPDX-License-Identifier: MIT
//
// Where C++ takes over. Runs as task 0.
#include <cstdint>

#include "arch/cpu_features.hpp"
#include "arch/interrupt_mask.hpp"
#include "boot/run.hpp"
#include "devices/gicv2.hpp"
#include "devices/pl011.hpp"
#include "sched/scheduler.hpp"
#include "semihosting/semihosting.hpp"

namespace kernel {
namespace {

// CurrentEL at the first instruction; its bits [3:2] are the level.
constinit std::uint64_t entry_level = 0;

}  // namespace

bool cpu::was_entered_at_el2() noexcept { return entry_level >> 2 == 2; }

extern "C" [[noreturn]] void kernel_main(std::uint64_t current_el) noexcept {
  entry_level = current_el;
  pl011::initialize();
  gicv2::initialize();
  sched::adopt_boot_task();
  unmask_system_errors();
  unmask_interrupts();
  semihosting::exit(run());
}

}  // namespace kernel
