// SPDX-License-Identifier: MIT
//
// Preemption by time. Apart from the scheduler, which can be asked to preempt by any interrupt.
#include <cstdint>

#include "arch/interrupts.hpp"
#include "devices/generic_timer.hpp"
#include "sched/scheduler.hpp"

namespace kernel::sched {
namespace {

constinit std::uint32_t slice = 0;  // of all CPUs

void end_slice(ExceptionFrame&) noexcept {
  generic_timer::arm(__atomic_load_n(&slice, __ATOMIC_RELAXED));
  request_preemption();
}

}  // namespace

void start_time_slices(std::uint32_t ticks) noexcept {
  __atomic_store_n(&slice, ticks, __ATOMIC_RELAXED);
  interrupts::set_handler(generic_timer::interrupt_id, end_slice);
  generic_timer::arm(ticks);
}

void stop_time_slices() noexcept { generic_timer::disarm(); }

}  // namespace kernel::sched
