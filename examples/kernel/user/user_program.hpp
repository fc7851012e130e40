// SPDX-License-Identifier: MIT
//
// The programs that EL0 runs (user_program.S). Never called by the kernel: only their addresses are of use.
#pragma once

#include <cstdint>

extern "C" {
extern const char user_program[];
extern const char user_calls[];
extern const char user_outer[];
extern const char user_inner[];
}

namespace kernel {

[[nodiscard]] inline std::uint64_t user_program_at() noexcept { return reinterpret_cast<std::uintptr_t>(user_program); }

}  // namespace kernel
