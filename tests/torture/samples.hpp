// SPDX-License-Identifier: MIT
//
// Walks from the timer's interrupt, of whatever it interrupts on its own CPU: workers at any instruction, walks, waits.
#pragma once

#include <cstdint>

#include "torture/work.hpp"

namespace torture {

struct Samples {
  std::uint64_t all = 0;
  std::uint64_t of_workers = 0;
  std::uint64_t of_idle_tasks = 0;
  std::uint64_t in_walks = 0;  ///< a walk was interrupted by this one (S4)
  std::uint64_t in_trampolines = 0;
  std::uint64_t excused = 0;  ///< unreliable between the two words of a redirection (F2)
  std::uint64_t wrong = 0;    ///< unreliable otherwise, or reliable and not what the worker has written down
};

/// From now on the timer of every CPU interrupts it a thousand times a second, samples, and preempts.
void start_samples(const WorkCode& code) noexcept;
/// What all CPUs have counted so far.
[[nodiscard]] Samples samples_so_far() noexcept;
/// What they have counted in the end. They go on preempting.
[[nodiscard]] Samples end_samples() noexcept;

}  // namespace torture
