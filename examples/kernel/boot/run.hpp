// SPDX-License-Identifier: MIT
//
// What the kernel is for. Each image links exactly one definition.
#pragma once

namespace kernel {

/// Runs as task 0, interrupts on. The result is the exit code of the machine; 0 means that all went as expected.
[[nodiscard]] int run() noexcept;

}  // namespace kernel
