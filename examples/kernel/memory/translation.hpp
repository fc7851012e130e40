// SPDX-License-Identifier: MIT
//
// The system registers that translation depends on.
#pragma once

#include <cstdint>

#include "arch/system_registers.hpp"

namespace kernel::memory {

/// Turns on MMU and caches, with the tables at `top_table`. Requires that the running code and its stack are mapped
/// one to one.
void enable_translation(std::uint64_t top_table) noexcept;

/// For a kernel in the upper half that runs there by now: from here on the lower half is what the tables at `top_table`
/// say.
void leave_lower_half(std::uint64_t top_table) noexcept;

/// False before that: all memory is of type Device then, where exclusive accesses do not work.
[[nodiscard]] inline bool is_translation_on() noexcept { return (KERNEL_READ_REGISTER("sctlr" KERNEL_LEVEL) & 1) != 0; }

}  // namespace kernel::memory
