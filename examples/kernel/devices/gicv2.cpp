// SPDX-License-Identifier: MIT
#include "devices/gicv2.hpp"

#include <cstdint>

#include "arch/system_registers.hpp"
#include "devices/mmio.hpp"
#include "devices/physical_map.hpp"
#include "surefoot/config.hpp"

namespace kernel::gicv2 {
namespace {

// Distributor [gicv2 §4.3]. Of the registers with one field an interrupt, the first ones are private to each CPU.
constexpr std::uint64_t distributor_control = physical_map::gic_distributor + 0x000;
constexpr std::uint64_t set_enable = physical_map::gic_distributor + 0x100;
constexpr std::uint64_t clear_enable = physical_map::gic_distributor + 0x180;
constexpr std::uint64_t clear_pending = physical_map::gic_distributor + 0x280;
constexpr std::uint64_t priority = physical_map::gic_distributor + 0x400;
constexpr std::uint64_t software_generated = physical_map::gic_distributor + 0xf00;

// CPU interface [gicv2 §4.4].
constexpr std::uint64_t cpu_control = physical_map::gic_cpu_interface + 0x000;
constexpr std::uint64_t priority_mask = physical_map::gic_cpu_interface + 0x004;
constexpr std::uint64_t interrupt_acknowledge = physical_map::gic_cpu_interface + 0x00c;
constexpr std::uint64_t end_of_interrupt = physical_map::gic_cpu_interface + 0x010;

// GICD_SGIR: TargetListFilter, and where its list of CPUs begins.
constexpr std::uint32_t to_this_cpu = 2 << 24;
constexpr std::uint32_t target_list_shift = 16;
constexpr std::uint32_t middle_priority_four_times = 0xa0a0a0a0;

}  // namespace

void initialize() noexcept {
  mmio::write(distributor_control, 0);
  mmio::write(distributor_control, 1);
  initialize_cpu();
}

void initialize_cpu() noexcept {
  mmio::write(cpu_control, 0);
  mmio::write(clear_enable, 0xffff'ffff);
  mmio::write(clear_pending, 0xffff'ffff);
  // One priority for all, so that no interrupt interrupts another's handler.
  for (std::uint32_t id = 0; id != private_interrupt_count; id += 4) {
    mmio::write(priority + id, middle_priority_four_times);
  }
  mmio::write(priority_mask, 0xff);  // every priority above the lowest gets through
  mmio::write(cpu_control, 1);
}

void enable(std::uint32_t id) noexcept {
  SUREFOOT_CHECK(id < private_interrupt_count);
  mmio::write(set_enable, std::uint32_t{1} << id);
}

namespace {

void generate(std::uint32_t targets, std::uint32_t id) noexcept {
  SUREFOOT_CHECK(id < 16);
  completion_barrier();  // what the handler is to see is in memory
  mmio::write(software_generated, targets | id);
}

}  // namespace

void send(unsigned cpu, std::uint32_t id) noexcept { generate(std::uint32_t{1} << (target_list_shift + cpu), id); }

void raise(std::uint32_t id) noexcept {
  generate(to_this_cpu, id);
  static_cast<void>(mmio::read(distributor_control));  // the write has reached the distributor once this returns
  completion_barrier();
}

Acknowledged acknowledge() noexcept { return {mmio::read(interrupt_acknowledge)}; }

void end(Acknowledged interrupt) noexcept { mmio::write(end_of_interrupt, interrupt.word); }

}  // namespace kernel::gicv2
