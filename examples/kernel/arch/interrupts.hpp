// SPDX-License-Identifier: MIT
//
// From the interrupt controller to a handler.
#pragma once

#include <cstdint>

#include "arch/exception_frame.hpp"

namespace kernel::interrupts {

/// A software-generated interrupt that the kernel leaves to whoever wants to be interrupted.
inline constexpr std::uint32_t software_id = 1;

/// Called on the IRQ stack with interrupts masked. The frame is what was interrupted.
using Handler = void (*)(ExceptionFrame& frame);

/// Sets the handler of an interrupt, and lets the interrupt through; returns the one before. With none, it is a panic
/// when it arrives.
Handler set_handler(std::uint32_t id, Handler handler) noexcept;

/// Makes software_id pending, at once: with interrupts on, it is taken before this returns; with interrupts masked, at
/// the
/// instruction after they are unmasked, which may be the one that an ERET returns to.
void raise_software_interrupt() noexcept;

}  // namespace kernel::interrupts
