// SPDX-License-Identifier: MIT
//
// The ways in which this image panics. Each is a failure that kernels have, brought about for real.
#pragma once

#include <span>

/// Marks a function that is to stand in a trace: it stays one function, with one entry.
#if defined(__clang__)
#define PANIC_FUNCTION [[gnu::noinline]]
#elif defined(DEMO_PATCH_SITES_BY_ATTRIBUTE)
#define PANIC_FUNCTION [[gnu::noipa, gnu::patchable_function_entry(2)]]
#else
#define PANIC_FUNCTION [[gnu::noipa]]
#endif

namespace panics {

/// A call before it stays one, with a frame of its own to return to.
inline void stay_on_stack() noexcept { asm volatile("" ::: "memory"); }

struct Kind {
  const char* name;
  const char* text;
  void (*run)() noexcept;    ///< does not come back
  unsigned least_cpus = 1;   ///< how many the machine must have
  bool is_described = true;  ///< false to panic before the kernel has described itself
};

[[nodiscard]] std::span<const Kind> all_kinds() noexcept;

// The bodies of those kinds that are about more than one function.
[[noreturn]] void panic_without_mmu() noexcept;
void overwrite_callers_record() noexcept;
void panic_while_traced() noexcept;
void panic_on_two_cpus() noexcept;
void panic_beside_a_dead_cpu() noexcept;

}  // namespace panics
