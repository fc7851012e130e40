// SPDX-License-Identifier: MIT
//
// The end of a run that went wrong. Never silent: it says what happened, shows the registers, and ends the machine with
// exit code 1.
#pragma once

#include "arch/exception_frame.hpp"

namespace kernel {

[[noreturn]] void panic(const char* reason) noexcept;

/// The same, with the registers that an exception saved.
[[noreturn]] void panic(const char* reason, const ExceptionFrame& frame) noexcept;

}  // namespace kernel
