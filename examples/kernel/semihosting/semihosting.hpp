// SPDX-License-Identifier: MIT
//
// Calls to the machine that runs the emulator [semihosting]: the way in for a command line and out for an exit code.
#pragma once

#include <cstddef>
#include <span>

namespace kernel::semihosting {

/// Ends the emulation with an exit code. Without semihosting the CPU stops here.
[[noreturn]] void exit(int code) noexcept;

/// Stores the command line, ended by a zero, and returns its length; 0 if there is none or if it does not fit.
[[nodiscard]] std::size_t command_line(std::span<char> buffer) noexcept;

}  // namespace kernel::semihosting
