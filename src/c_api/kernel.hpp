// SPDX-License-Identifier: MIT
//
// Telling kernels and code maps that were made from zeros.
#pragma once

#include "surefoot/kernel.hpp"

namespace surefoot::detail {

[[nodiscard]] inline bool is_made(const CodeMap& code) noexcept { return code.intervals().data() != nullptr; }

/// A made kernel has an exception frame of some size. Says nothing of its code map.
[[nodiscard]] inline bool is_made(const Kernel& kernel) noexcept { return kernel.exception().size != 0; }

}  // namespace surefoot::detail
