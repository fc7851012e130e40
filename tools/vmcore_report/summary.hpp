// SPDX-License-Identifier: MIT
//
// What the tasks of a dump have in common: how many are reliable, why others are not, and where most of them wait.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "linux/trace.hpp"

namespace surefoot::tools {

struct Summary {
  std::size_t tasks = 0;
  std::size_t reliable = 0;
  std::size_t unreliable = 0;
  /// Of the unreliable tasks those whose trace shows each evidence that the policy does not accept.
  std::array<std::size_t, evidence_bit_count> reasons{};
  std::array<std::size_t, stop_reason_count> stops{};
  std::map<char, std::size_t> states;
  /// The innermost functions below the scheduler, and how many tasks are there; the most frequent first.
  std::vector<std::pair<std::string, std::size_t>> top;
};

[[nodiscard]] Summary summarize(const DumpReport& report);

/// The evidence of a trace that the policy of its verdict does not accept: in a reliable one, nothing.
[[nodiscard]] Evidence reasons_of(const Verdict& verdict);

/// The bits of the set, one by one.
[[nodiscard]] std::vector<EvidenceBit> bits_of(Evidence evidence);

/// True for a function by which a task gives up its CPU. What a compiler adds behind a dot does not count.
[[nodiscard]] bool is_of_scheduler(std::string_view function);

/// What is_of_scheduler() holds for, for people.
[[nodiscard]] std::string scheduler_functions();

/// True if the dump held all that the walks asked for.
[[nodiscard]] bool is_whole(const DumpReport& report);

}  // namespace surefoot::tools
