// SPDX-License-Identifier: MIT
//
// What is counted, for a workload and in all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sweep/excepted.hpp"

namespace sweep {

struct Counts {
  std::uint64_t steps = 0;
  /// Steps with a walk that is reliable under the strict policy: for want of an exception, those behind a call, from
  /// the call.
  std::uint64_t strict_reliable = 0;
  /// Steps at which the walk from the interrupted instruction is reliable under the exact policy.
  std::uint64_t exact_reliable = 0;
  /// Of the other steps, those that an excepted place explains.
  std::array<std::uint64_t, excepted_count> excepted{};
  /// Walks that should be reliable under the exact policy, and are not.
  std::uint64_t not_exact = 0;
  /// Walks that are reliable, under either policy, and wrong.
  std::uint64_t false_reliable = 0;
  /// Walks that are wrong without a word that no rule was known.
  std::uint64_t wrong_frames = 0;
  /// Steps in a trampoline or at a patch site, and how many of them are exact.
  std::uint64_t in_trampoline = 0;
  std::uint64_t in_trampoline_exact = 0;
  /// The truth itself was refuted, or a workload did not do what it should.
  std::uint64_t broken = 0;

  [[nodiscard]] constexpr bool are_good() const noexcept {
    return false_reliable == 0 && wrong_frames == 0 && not_exact == 0 && broken == 0;
  }
  constexpr Counts& operator+=(const Counts& other) noexcept {
    steps += other.steps;
    strict_reliable += other.strict_reliable;
    exact_reliable += other.exact_reliable;
    false_reliable += other.false_reliable;
    wrong_frames += other.wrong_frames;
    in_trampoline += other.in_trampoline;
    in_trampoline_exact += other.in_trampoline_exact;
    for (std::size_t i = 0; i < excepted_count; ++i) excepted[i] += other.excepted[i];
    not_exact += other.not_exact;
    broken += other.broken;
    return *this;
  }
};

}  // namespace sweep
