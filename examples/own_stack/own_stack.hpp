// SPDX-License-Identifier: MIT
//
// What the example needs from the kernel around it.
#pragma once

#include <cstdint>

/// A task's stack, and the final record that its first code wrote there.
struct Task {
  std::uint64_t stack_start;
  std::uint64_t stack_end;
  std::uint64_t final_record_at;
};

[[nodiscard]] std::uint64_t kernel_text_start() noexcept;
[[nodiscard]] std::uint64_t kernel_text_end() noexcept;
void console_write(const char* text) noexcept;
void console_put(char character) noexcept;

/// Prints the functions that the caller returns to.
void print_own_stack(const Task& task) noexcept;
