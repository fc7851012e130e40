// SPDX-License-Identifier: MIT
#include "arch/interrupts.hpp"

#include <cstdint>

#include "arch/interrupt_mask.hpp"
#include "arch/panic.hpp"
#include "devices/gicv2.hpp"
#include "surefoot/config.hpp"

namespace kernel {
namespace {

constinit interrupts::Handler handlers[gicv2::private_interrupt_count] = {};

}  // namespace

interrupts::Handler interrupts::set_handler(std::uint32_t id, Handler handler) noexcept {
  SUREFOOT_CHECK(id < gicv2::private_interrupt_count);
  const InterruptsMasked masked;
  // One caller at a time sets a handler. No exchange: code that is single-stepped never gets through an exclusive pair.
  const Handler before = __atomic_load_n(&handlers[id], __ATOMIC_RELAXED);
  __atomic_store_n(&handlers[id], handler, __ATOMIC_RELEASE);
  gicv2::enable(id);
  return before;
}

void interrupts::send(unsigned cpu, std::uint32_t id) noexcept { gicv2::send(cpu, id); }

void interrupts::raise_software_interrupt() noexcept { gicv2::raise(software_id); }

/// Called by the IRQ entry paths.
extern "C" void kernel_handle_interrupt(ExceptionFrame& frame) noexcept {
  const gicv2::Acknowledged interrupt = gicv2::acknowledge();
  if (interrupt.is_spurious()) return;
  const std::uint32_t id = interrupt.id();
  const interrupts::Handler handler =
      id < gicv2::private_interrupt_count ? __atomic_load_n(&handlers[id], __ATOMIC_ACQUIRE) : nullptr;
  if (handler == nullptr) panic("interrupt without a handler", frame);
  handler(frame);
  gicv2::end(interrupt);
}

}  // namespace kernel
