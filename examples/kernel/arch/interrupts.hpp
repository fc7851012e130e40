// SPDX-License-Identifier: MIT
//
// From the interrupt controller to a handler.
#pragma once

#include <cstdint>

#include "arch/exception_frame.hpp"

namespace kernel::interrupts {

/// A software-generated interrupt that the kernel leaves to whoever wants to be interrupted.
inline constexpr std::uint32_t software_id = 1;
/// Those by which CPUs interrupt each other: to look for a task, to make a call (smp.hpp), to stop for good
/// (panic.cpp).
inline constexpr std::uint32_t reschedule_id = 2;
inline constexpr std::uint32_t call_id = 3;
inline constexpr std::uint32_t stop_id = 4;

/// Called on the IRQ stack with interrupts masked. The frame is what was interrupted.
using Handler = void (*)(ExceptionFrame& frame);

/// Sets the handler of an interrupt on all CPUs, and lets the interrupt through to this one; returns the one before.
/// With none, it is a panic when it arrives.
Handler set_handler(std::uint32_t id, Handler handler) noexcept;

/// Interrupts another CPU, which has let the interrupt through.
void send(unsigned cpu, std::uint32_t id) noexcept;

/// Makes software_id pending, at once: with interrupts on, it is taken before this returns; with interrupts masked, at
/// the
/// instruction after they are unmasked, which may be the one that an ERET returns to.
void raise_software_interrupt() noexcept;

}  // namespace kernel::interrupts
