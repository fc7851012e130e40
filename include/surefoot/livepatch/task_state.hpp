// SPDX-License-Identifier: MIT
//
// What a kernel keeps in each task: which patches the task's calls use.
#pragma once

#include <cstdint>

namespace surefoot::livepatch {

/// How many patches, from the bottom of the stack, are in use, and the number of the transition that said so. The
/// number never repeats in practice: 2^48 transitions.
class Version {
 public:
  constexpr Version() = default;
  constexpr Version(std::uint64_t transition, std::uint32_t level) noexcept
      : word_(transition << level_bits | (level & level_mask)) {}
  [[nodiscard]] static constexpr Version from_word(std::uint64_t word) noexcept {
    Version version;
    version.word_ = word;
    return version;
  }

  [[nodiscard]] constexpr std::uint64_t word() const noexcept { return word_; }
  [[nodiscard]] constexpr std::uint32_t level() const noexcept {
    return static_cast<std::uint32_t>(word_ & level_mask);
  }
  [[nodiscard]] constexpr std::uint64_t transition() const noexcept { return word_ >> level_bits; }

  friend constexpr bool operator==(const Version&, const Version&) = default;

 private:
  static constexpr unsigned level_bits = 16;
  static constexpr std::uint64_t level_mask = (std::uint64_t{1} << level_bits) - 1;

  std::uint64_t word_ = 0;
};

/// The state of one task. A new task's is brought up to date by Patches::cross_boundary() before the task can be seen
/// by a round, or as the first thing that the task does.
///
/// Written by the task itself at a boundary, and by a round while the task cannot run. The calls of a task and of the
/// interrupt handlers above it read it on the CPU that the task is on.
class TaskState {
 public:
  [[nodiscard]] Version load() const noexcept { return Version::from_word(__atomic_load_n(&word_, __ATOMIC_ACQUIRE)); }
  /// How many patches the task's calls use. Any context.
  [[nodiscard]] std::uint32_t level() const noexcept { return load().level(); }

 private:
  friend class Patches;

  // False if the word is another one by now.
  bool change(Version from, Version to) noexcept {
    std::uint64_t expected = from.word();
    return __atomic_compare_exchange_n(&word_, &expected, to.word(), false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  }

  std::uint64_t word_ = 0;
};
static_assert(sizeof(TaskState) == 8);

}  // namespace surefoot::livepatch
