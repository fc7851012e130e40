// SPDX-License-Identifier: MIT
#include "devices/pl011.hpp"

#include <cstdint>

#include "devices/mmio.hpp"
#include "devices/physical_map.hpp"

namespace kernel::pl011 {
namespace {

// Registers and bits [pl011 §3.3].
constexpr std::uint64_t data = physical_map::uart + 0x000;
constexpr std::uint64_t flags = physical_map::uart + 0x018;
constexpr std::uint64_t baud_integer = physical_map::uart + 0x024;
constexpr std::uint64_t baud_fraction = physical_map::uart + 0x028;
constexpr std::uint64_t line_control = physical_map::uart + 0x02c;
constexpr std::uint64_t control = physical_map::uart + 0x030;
constexpr std::uint64_t interrupt_mask = physical_map::uart + 0x038;

constexpr std::uint32_t transmit_fifo_full = 1 << 5;
constexpr std::uint32_t eight_bits_with_fifo = 3 << 5 | 1 << 4;
constexpr std::uint32_t enable_transmitter = 1 << 8 | 1 << 0;

}  // namespace

void initialize() noexcept {
  mmio::write(control, 0);  // the divisors and the line control may only change while it is off
  mmio::write(interrupt_mask, 0);
  mmio::write(baud_integer, 13);  // 24 MHz / (16 * 115200) = 13 + 1/64
  mmio::write(baud_fraction, 1);
  mmio::write(line_control, eight_bits_with_fifo);  // this write makes the divisors take effect
  mmio::write(control, enable_transmitter);
}

void send(char byte) noexcept {
  while ((mmio::read(flags) & transmit_fifo_full) != 0) {
  }
  mmio::write(data, static_cast<unsigned char>(byte));
}

}  // namespace kernel::pl011
