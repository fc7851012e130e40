// SPDX-License-Identifier: MIT
#include "flow/states.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "code/fields.hpp"
#include "code/registers.hpp"
#include "flow/group.hpp"
#include "flow/groups.hpp"

namespace surefoot::tools {

StateDerivation::StateDerivation(const Image& image, const NoreturnFunctions& noreturn, const LandingPads& landing_pads,
                                 const DeclaredWays& ways, const Testimony& testimony, const Work& work)
    : image_(image), noreturn_(noreturn), landing_pads_(landing_pads), ways_(ways), testimony_(testimony) {
  const std::vector<Function> veneers = find_veneers(image);
  std::ranges::merge(image.functions(), veneers, std::back_inserter(functions_), {}, &Function::start,
                     &Function::start);
  Grouping grouping = group_functions(image, functions_, landing_pads, ways);
  groups_ = std::move(grouping.groups);
  is_entry_ = std::move(grouping.is_entry);
  is_called_ = std::move(grouping.is_called);
  inner_entries_ = std::move(grouping.inner_entries);
  for (const Function& function : functions_) read_words(function.start, function.end);
  for (const DeclaredWays::Alternative& alternative : ways.alternatives()) {
    read_words(alternative.replacement, alternative.replacement + alternative.bytes);
  }
  look_around(work);
}

void StateDerivation::read_words(std::uint64_t start, std::uint64_t end) {
  for (std::uint64_t pc = start; pc < end; pc += 4) {
    const std::optional<std::uint32_t> word = image_.instruction_at(pc);
    if (!word) continue;
    vocabulary_.add(*word);
    if (is_allocated(*word)) continue;
    const std::uint32_t group = bits(*word, 31, 25);
    const auto known = std::ranges::find(unknown_encodings_, group, &UnknownEncodings::group);
    if (known != unknown_encodings_.end()) {
      ++known->count;
    } else {
      unknown_encodings_.push_back({.group = group, .first = pc, .count = 1});
    }
  }
}

// What functions do to others shows only when they are followed. Each group is followed with what is known by then of
// those before it. Threads know nothing of others yet: a group that turns out to need it is followed once more.
void StateDerivation::look_around(const Work& work) {
  effects_.resize(groups_.size());
  Starts changed;
  const UnbalancedFunctions none;
  const auto follow = [&](std::size_t group) {
    return derive_for_others(surroundings(none), members_of(groups_[group]));
  };
  const auto follow_again = [&](std::size_t group) {
    return derive_for_others(surroundings(unbalanced_), members_of(groups_[group]));
  };
  make_in_order(groups_.size(), work.jobs, follow, [&](std::size_t group, std::vector<FunctionStates> results) {
    if (is_known_unbalanced(results)) results = follow_again(group);
    keep_effects(group, results, changed);
    work.progress("groups of functions followed", group + 1, groups_.size());
  });
  // Those that call an unbalanced one may be so themselves, or only seem so until it is known what that one does. Real
  // images need few rounds. The bound is for hostile ones.
  constexpr unsigned max_rounds = 16;
  for (unsigned round = 0; !changed.empty(); ++round) {
    const std::vector<std::size_t> callers = find_callers_of(changed);
    changed.clear();
    for (const std::size_t group : callers) keep_effects(group, follow_again(group), changed);
    if (round < max_rounds) continue;
    for (const Function& function : functions_) unbalanced_[function.start] = std::nullopt;
    break;
  }
  find_entered_otherwise();
  effects_ = {};
}

// True if what was found may depend on a function that leaves sp or x29 changed.
bool StateDerivation::is_known_unbalanced(const std::vector<FunctionStates>& results) const {
  const auto is_known = [&](std::uint64_t target) { return unbalanced_.contains(target); };
  const auto is_way = [&](const FunctionStates::WayOut& way) { return is_known(way.target); };
  return std::ranges::any_of(results, [&](const FunctionStates& found) {
    return std::ranges::any_of(found.targets, is_known) || std::ranges::any_of(found.ways_out, is_way);
  });
}

void StateDerivation::keep_effects(std::size_t group, const std::vector<FunctionStates>& results, Starts& changed) {
  Effects& effects = effects_[group];
  effects = {};
  for (std::size_t i = 0; i < results.size(); ++i) {
    effects.ways.insert(effects.ways.end(), results[i].ways_out.begin(), results[i].ways_out.end());
    effects.targets.insert(effects.targets.end(), results[i].targets.begin(), results[i].targets.end());
    note_balance(functions_[groups_[group][i]].start, results[i], changed);
  }
}

// Adds to `changed` the function of which something else is known now than before.
void StateDerivation::note_balance(std::uint64_t start, const FunctionStates& found, Starts& changed) {
  const auto known = unbalanced_.find(start);
  if (known == unbalanced_.end()) {
    if (!found.is_unbalanced) return;
    unbalanced_.emplace(start, found.effect);
  } else if (found.effect == CallEffect{}) {
    unbalanced_.erase(known);
  } else if (known->second && known->second != found.effect) {
    known->second.reset();
  } else {
    return;
  }
  changed.insert(start);
}

std::vector<std::size_t> StateDerivation::find_callers_of(const Starts& starts) const {
  const auto is_wanted = [&](std::uint64_t target) { return starts.contains(target); };
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (std::ranges::any_of(effects_[i].targets, is_wanted)) found.push_back(i);
  }
  return found;
}

// Code that is entered with another's frame in place takes it along to where it goes on.
void StateDerivation::find_entered_otherwise() {
  std::vector<std::size_t> group_of(functions_.size());
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    for (const std::size_t index : groups_[i]) group_of[index] = i;
  }
  is_entered_otherwise_.resize(groups_.size());
  std::vector<std::size_t> work;
  const auto enter = [&](std::uint64_t target) {
    const auto at = std::ranges::lower_bound(functions_, target, {}, &Function::start);
    if (at == functions_.end() || at->start != target) return;
    const std::size_t group = group_of[static_cast<std::size_t>(at - functions_.begin())];
    if (is_entered_otherwise_[group]) return;
    is_entered_otherwise_[group] = true;
    work.push_back(group);
  };
  for (const Effects& effects : effects_) {
    for (const FunctionStates::WayOut& way : effects.ways) {
      if (!way.is_like_call) enter(way.target);
    }
  }
  while (!work.empty()) {
    const std::size_t group = work.back();
    work.pop_back();
    for (const FunctionStates::WayOut& way : effects_[group].ways) enter(way.target);
  }
}

std::size_t StateDerivation::index_of(const Group& group) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(groups_, group) - groups_.begin());
}

std::vector<FunctionStates> StateDerivation::derive(const Group& group) const {
  std::vector<FunctionStates> results = derive_states(surroundings(unbalanced_), members_of(group));
  if (!is_entered_otherwise_[index_of(group)]) return results;
  // What was derived from its start on is right for those that call it only, and so is what follows in the group.
  for (std::size_t i = 0; i < group.size(); ++i) {
    results[i].states.clear();
    results[i].remarks.push_back({functions_[group[i]].start, "entered with a frame in place"});
  }
  return results;
}

Surroundings StateDerivation::surroundings(const UnbalancedFunctions& unbalanced) const {
  return {.image = image_,
          .noreturn = noreturn_,
          .landing_pads = landing_pads_,
          .ways = ways_,
          .vocabulary = vocabulary_,
          .unbalanced = unbalanced,
          .testimony = testimony_};
}

std::vector<Member> StateDerivation::members_of(const Group& group) const {
  std::vector<Member> members;
  for (const std::size_t index : group) {
    const Function& function = functions_[index];
    members.push_back({.function = &function,
                       .is_entry = is_entry_[index],
                       .is_called = is_called_[index],
                       .inner_entries = {std::ranges::lower_bound(inner_entries_, function.start),
                                         std::ranges::lower_bound(inner_entries_, function.end)}});
  }
  return members;
}

}  // namespace surefoot::tools
