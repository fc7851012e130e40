// SPDX-License-Identifier: MIT
//
// Changes each word of a task's stacks, walks it under both policies, and keeps count.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>

#include "judge.hpp"
#include "values.hpp"
#include "victim.hpp"

namespace corrupt_dump {

struct Counts {
  std::uint64_t walks = 0;
  std::array<std::uint64_t, outcome_count> of{};

  [[nodiscard]] std::uint64_t count(Outcome outcome) const { return of[static_cast<unsigned>(outcome)]; }
  void add(Outcome outcome) {
    ++walks;
    ++of[static_cast<unsigned>(outcome)];
  }
};

/// A reliable trace with other frames than before.
struct Finding {
  const Victim& victim;
  std::span<const ChangedWord> before;  ///< what was there
  std::span<const ChangedWord> after;
  Outcome outcome = Outcome::wrong;
  const TaskTrace& trace;
};

class Campaign {
 public:
  using Hear = std::function<void(const Finding&)>;
  Campaign(DumpedLinux& dump, Values& values, Hear hear) : dump_(dump), values_(values), hear_(std::move(hear)) {}

  /// One word at a time.
  void change_words(const Victim& victim);
  /// Both words of a record that walks look at, to those of another one, stale ones among them.
  void change_records(const Victim& victim);

  std::array<Counts, 2> one_word;  ///< by policy
  std::array<Counts, 2> one_record;
  std::uint64_t words = 0;
  std::uint64_t words_used = 0;  ///< of these, some change has made a difference

 private:
  // True if the change made a difference.
  bool try_value(const Victim& victim, const ChangedWord& word, std::uint64_t value);

  DumpedLinux& dump_;
  Values& values_;
  Hear hear_;
};

}  // namespace corrupt_dump
