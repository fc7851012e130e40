// SPDX-License-Identifier: MIT
//
// What a round says: for each task what came of it, and for all of them who holds the transition up, and where.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/livepatch/task_state.hpp"
#include "surefoot/verdict.hpp"

namespace surefoot::livepatch {

/// What came of a task. The enumerator is also its name in logs (to_string). All but the first two hold the transition
/// up.
enum class Outcome : std::uint8_t {
  up_to_date,   ///< the task uses the right functions already: it switched itself, or need not switch
  switched,     ///< its trace is reliable and free of the functions, and it was switched
  running,      ///< it runs, or ran during the walk, or changed its own state meanwhile
  unreliable,   ///< its trace cannot be trusted; Finding says why
  in_function,  ///< it is in a function that it must not return to after the switch
  entering,     ///< it is at the entry of such a function, where which one runs is being decided
  stale,        ///< its state is that of no present transition: it never crossed a boundary since it was made
};

/// The number of outcomes.
inline constexpr unsigned outcome_count = 7;

/// True for those that hold a transition up.
[[nodiscard]] constexpr bool is_holding(Outcome outcome) noexcept {
  return outcome != Outcome::up_to_date && outcome != Outcome::switched;
}

/// What came of one task, and where it is if that matters.
struct Finding {
  Outcome outcome = Outcome::up_to_date;
  /// For `unreliable`: why the walk ended.
  StopReason stop = StopReason::final_record;
  /// For `in_function` and `entering`: which replacement of the patch in transition.
  std::uint32_t replacement = 0;
  /// For those and `unreliable`: the index of the frame, and its pc. An unreliable trace may have no doubtful frame:
  /// the index is then the number of frames, and the pc 0.
  std::size_t frame = 0;
  std::uint64_t pc = 0;
  bool is_return_address = false;  ///< what the pc is (CodeAddress::Kind)
  /// For `unreliable`: all that was noticed.
  Evidence evidence{};
};

/// One look at all tasks (Patches::begin_round). Adds up their findings.
class Round {
 public:
  /// `in_replacement`, if there is one, counts for each replacement the tasks that it holds up; the elements start as
  /// they are. Refers to the caller's storage.
  constexpr explicit Round(Version target, std::span<std::uint32_t> in_replacement = {}) noexcept
      : target_(target), in_replacement_(in_replacement) {}

  /// Counts a task. `task` is any number by which the kernel knows it.
  void add(const Finding& finding, std::uint64_t task) noexcept;

  [[nodiscard]] constexpr Version target() const noexcept { return target_; }
  [[nodiscard]] constexpr std::uint32_t tasks() const noexcept { return tasks_; }
  [[nodiscard]] constexpr std::uint32_t count(Outcome outcome) const noexcept {
    return counts_[static_cast<std::size_t>(outcome)];
  }
  /// How many tasks hold the transition up.
  [[nodiscard]] constexpr std::uint32_t holding() const noexcept {
    return tasks_ - count(Outcome::up_to_date) - count(Outcome::switched);
  }
  /// True if every task that was added uses the right functions.
  [[nodiscard]] constexpr bool is_complete() const noexcept { return tasks_ != 0 && holding() == 0; }
  /// The first task that holds it up, and what was found. Requires holding() != 0.
  [[nodiscard]] constexpr std::uint64_t first_holder() const noexcept { return first_holder_; }
  [[nodiscard]] constexpr const Finding& first_finding() const noexcept { return first_finding_; }

 private:
  Version target_;
  std::span<std::uint32_t> in_replacement_;
  std::array<std::uint32_t, outcome_count> counts_{};
  std::uint32_t tasks_ = 0;
  std::uint64_t first_holder_ = 0;
  Finding first_finding_{};
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(Outcome outcome) noexcept;

}  // namespace surefoot::livepatch
