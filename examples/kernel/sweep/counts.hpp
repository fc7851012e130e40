// SPDX-License-Identifier: MIT
//
// What is counted, for a workload and in all.
#pragma once

#include <cstdint>

namespace sweep {

struct Counts {
  std::uint64_t steps = 0;
  /// Steps with a walk that is reliable: from the interrupted instruction or, after a call, from the call.
  std::uint64_t strict_reliable = 0;
  std::uint64_t exact_reliable = 0;
  /// Walks that are reliable, under either policy, and wrong.
  std::uint64_t false_reliable = 0;
  /// Walks that are wrong without a word that no rule was known.
  std::uint64_t wrong_frames = 0;
  /// Steps in a trampoline or at a patch site, where an exact rule is promised, and what interrupted it if anything.
  std::uint64_t in_trampoline = 0;
  std::uint64_t in_trampoline_exact = 0;
  /// Of the others, those that nothing excepts.
  std::uint64_t unexcepted = 0;
  /// The truth itself was refuted, or a workload did not do what it should.
  std::uint64_t broken = 0;

  [[nodiscard]] constexpr bool are_good() const noexcept {
    return false_reliable == 0 && wrong_frames == 0 && unexcepted == 0 && broken == 0;
  }
  constexpr Counts& operator+=(const Counts& other) noexcept {
    steps += other.steps;
    strict_reliable += other.strict_reliable;
    exact_reliable += other.exact_reliable;
    false_reliable += other.false_reliable;
    wrong_frames += other.wrong_frames;
    in_trampoline += other.in_trampoline;
    in_trampoline_exact += other.in_trampoline_exact;
    unexcepted += other.unexcepted;
    broken += other.broken;
    return *this;
  }
};

}  // namespace sweep
