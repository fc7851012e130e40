// SPDX-License-Identifier: MIT
//
// What is stepped, and how it is traced meanwhile.
#pragma once

#include <cstdint>
#include <span>

#include "sweep/code_map.hpp"
#include "sweep/tracers.hpp"

namespace sweep {

struct Workload {
  const char* name;
  void (*run)() noexcept;
  Action action;
  std::span<const Mode> modes;
};

/// Those that do the same each time.
[[nodiscard]] std::span<const Workload> fixed_workloads() noexcept;

/// The one that goes on from seed to seed until there are enough steps.
[[nodiscard]] const Workload& random_workload() noexcept;
void set_seed(std::uint64_t seed) noexcept;

/// An interrupt in front of every instruction of the trampolines, whose handler is stepped. Requires `code`, which
/// outlives it, to be what the steps are noted in.
void set_code_map(CodeMap& code) noexcept;
void run_interrupts() noexcept;

/// Walks, each instruction of which is a step.
void run_walks() noexcept;

}  // namespace sweep
