// SPDX-License-Identifier: MIT
//
// What is printed of rounds and transitions: the workers by kind, and who holds a transition up.
#pragma once

#include <array>
#include <cstdint>

#include "sched/task.hpp"
#include "surefoot/livepatch.hpp"
#include "surefoot/symbols.hpp"
#include "uses/livepatch/worker.hpp"

namespace livepatch {

/// One round, of the workers only: what becomes of idle tasks depends on which CPU is idle.
class Report {
 public:
  std::array<std::uint32_t, 2> in_replacement{};

  void add(const kernel::Task& task, const surefoot::livepatch::Finding& finding, bool needs_trace) noexcept;

  [[nodiscard]] std::uint32_t walks() const noexcept { return walks_; }
  [[nodiscard]] std::uint32_t count(surefoot::livepatch::Outcome outcome) const noexcept;
  [[nodiscard]] std::uint32_t count(Kind kind, surefoot::livepatch::Outcome outcome) const noexcept {
    return counts_[static_cast<unsigned>(kind)][static_cast<unsigned>(outcome)];
  }
  /// The first one that holds the transition up, or null.
  [[nodiscard]] const Worker* holder() const noexcept { return holder_; }
  [[nodiscard]] const surefoot::livepatch::Finding& holder_finding() const noexcept { return holder_finding_; }

 private:
  std::array<std::array<std::uint32_t, surefoot::livepatch::outcome_count>, kind_count> counts_{};
  std::uint32_t walks_ = 0;
  const Worker* holder_ = nullptr;
  surefoot::livepatch::Finding holder_finding_{};
};

struct Summary {
  const char* what;
  unsigned rounds = 0;  ///< with at least one walk of a worker
  std::uint32_t switched_by_rounds = 0;
};

/// With names from this table.
void prepare_report(const surefoot::Symbols& symbols) noexcept;
void print_round(unsigned number, const Report& report) noexcept;
void print_summary(const Summary& summary, std::uint32_t level, bool is_done) noexcept;

}  // namespace livepatch
