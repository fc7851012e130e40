// SPDX-License-Identifier: MIT
//
// The end of a run that went wrong. Never silent: it says what happened, shows the registers, and ends the machine with
// exit code 1. The other CPUs are stopped first; one that panics at the same time prints its own report, before the
// machine ends or behind it, but never in between.
#pragma once

#include "arch/exception_frame.hpp"

namespace kernel {

[[noreturn]] void panic(const char* reason) noexcept;

/// The same, with the registers that an exception saved.
[[noreturn]] void panic(const char* reason, const ExceptionFrame& frame) noexcept;

/// The handler of the interrupt that stops a CPU because another one panics.
void stop_for_panic(ExceptionFrame& frame) noexcept;

}  // namespace kernel
