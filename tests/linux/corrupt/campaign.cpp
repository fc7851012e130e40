// SPDX-License-Identifier: MIT
#include "campaign.hpp"

#include <algorithm>

namespace corrupt_dump {

using surefoot::Policy;

namespace {

constexpr std::array<Policy, 2> policies = {Policy::strict, Policy::exact};

const TaskTrace& before_of(const Victim& victim, Policy policy) {
  return policy == Policy::strict ? victim.strict : victim.exact;
}

}  // namespace

bool Campaign::try_value(const Victim& victim, const ChangedWord& word, std::uint64_t value) {
  const std::array changed = {ChangedWord{.address = word.address, .value = value}};
  bool makes_difference = false;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const TaskTrace& before = before_of(victim, policies[i]);
    const TaskTrace after = dump_.walk_unnamed(victim.task, policies[i], changed);
    const Outcome outcome = judge(dump_, word, value, before, after);
    one_word[i].add(outcome);
    if (outcome != Outcome::same) makes_difference = true;
    if (outcome > Outcome::same_frames) {
      hear_({.victim = victim, .before = {&word, 1}, .after = changed, .outcome = outcome, .trace = after});
    }
  }
  return makes_difference;
}

void Campaign::change_words(const Victim& victim) {
  for (const ChangedWord& word : victim.words) {
    bool is_used = false;
    for (const std::uint64_t value : values_.of(victim, word)) is_used |= try_value(victim, word, value);
    ++words;
    if (!is_used) continue;
    ++words_used;
    for (const std::uint64_t value : values_.more_of(victim, word)) try_value(victim, word, value);
  }
}

void Campaign::change_records(const Victim& victim) {
  std::vector<Record> others = victim.records;
  others.insert(others.end(), victim.stale.begin(), victim.stale.end());
  for (const Record& record : victim.records) {
    const std::array before = {ChangedWord{.address = record.at, .value = record.fp},
                               ChangedWord{.address = record.at + 8, .value = record.lr}};
    const std::array damaged = {ChangedWord{.address = record.at, .value = 1}};
    const TaskTrace without = dump_.walk_unnamed(victim.task, Policy::exact, damaged);
    if (has_same_frames(without, victim.exact)) continue;
    for (const Record& other : others) {
      if (other.fp == record.fp && other.lr == record.lr) continue;
      const std::array after = {ChangedWord{.address = record.at, .value = other.fp},
                                ChangedWord{.address = record.at + 8, .value = other.lr}};
      for (std::size_t i = 0; i < policies.size(); ++i) {
        const TaskTrace trace = dump_.walk_unnamed(victim.task, policies[i], after);
        const Outcome outcome = judge(dump_, before[1], other.lr, before_of(victim, policies[i]), trace);
        one_record[i].add(outcome);
        if (outcome > Outcome::same_frames) {
          hear_({.victim = victim, .before = before, .after = after, .outcome = outcome, .trace = trace});
        }
      }
    }
  }
}

}  // namespace corrupt_dump
