// SPDX-License-Identifier: MIT
//
// The system registers that translation depends on.
#pragma once

#include <cstdint>

namespace kernel::memory {

/// Turns on MMU and caches, with the tables at `top_table`. Requires that the running code and its stack are mapped
/// one to one.
void enable_translation(std::uint64_t top_table) noexcept;

}  // namespace kernel::memory
