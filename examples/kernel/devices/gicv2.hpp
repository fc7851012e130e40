// SPDX-License-Identifier: MIT
//
// The interrupt controller [gicv2]: software-generated interrupts (0..15) and this CPU's private ones (16..31), which
// is all that the kernel uses.
#pragma once

#include <cstdint>

namespace kernel::gicv2 {

inline constexpr std::uint32_t private_interrupt_count = 32;

/// On the first CPU, before anything else: the distributor, and then initialize_cpu().
void initialize() noexcept;

/// On each CPU: all its interrupts off and none pending; then it may receive what enable() lets through.
void initialize_cpu() noexcept;

/// Lets an interrupt through to this CPU. Requires id < private_interrupt_count.
void enable(std::uint32_t id) noexcept;

/// Makes a software-generated interrupt (id < 16) pending on this CPU, at once.
void raise(std::uint32_t id) noexcept;

/// Makes a software-generated interrupt pending on a CPU.
void send(unsigned cpu, std::uint32_t id) noexcept;

/// What an acknowledgement returned; end() wants all of it back.
struct Acknowledged {
  std::uint32_t word;
  [[nodiscard]] constexpr std::uint32_t id() const noexcept { return word & 0x3ff; }
  /// Nothing was pending any more [gicv2 §3.2.5].
  [[nodiscard]] constexpr bool is_spurious() const noexcept { return id() >= 1020; }
};

/// Takes the pending interrupt of highest priority and makes it active.
[[nodiscard]] Acknowledged acknowledge() noexcept;

/// The interrupt has been handled and may come again.
void end(Acknowledged interrupt) noexcept;

}  // namespace kernel::gicv2
