// SPDX-License-Identifier: MIT
//
// What the example needs from the kernel around it.
#pragma once

#include <cstdint>

#include "surefoot/surefoot.hpp"

/// A task's stack, and the final record that its first code wrote there.
struct Task {
  surefoot::Stack stack;
  std::uint64_t final_record_at;
};

[[nodiscard]] std::uint64_t kernel_text_start() noexcept;
[[nodiscard]] std::uint64_t kernel_text_end() noexcept;
void console_write(const char* text) noexcept;
void console_put(char character) noexcept;

/// What walks are to know of the kernel.
[[nodiscard]] surefoot::Kernel describe_kernel() noexcept;
/// Prints the functions that the caller returns to.
void print_own_stack(const surefoot::Kernel& kernel, const Task& task) noexcept;
