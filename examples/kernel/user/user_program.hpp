// SPDX-License-Identifier: MIT
//
// The program that EL0 runs (user_program.S). Never called by the kernel: only its address is of use.
#pragma once

#include <cstdint>

extern "C" const char user_program[];

namespace kernel {

[[nodiscard]] inline std::uint64_t user_program_at() noexcept { return reinterpret_cast<std::uintptr_t>(user_program); }

}  // namespace kernel
