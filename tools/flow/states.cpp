// SPDX-License-Identifier: MIT
#include "flow/states.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "flow/group.hpp"
#include "flow/groups.hpp"

namespace surefoot::tools {

StateDerivation::StateDerivation(const Image& image, const NoreturnFunctions& noreturn, const LandingPads& landing_pads,
                                 const Testimony& testimony)
    : image_(image), noreturn_(noreturn), landing_pads_(landing_pads), testimony_(testimony) {
  const std::vector<Function> veneers = find_veneers(image);
  std::ranges::merge(image.functions(), veneers, std::back_inserter(functions_), {}, &Function::start,
                     &Function::start);
  Grouping grouping = group_functions(image, functions_, landing_pads);
  groups_ = std::move(grouping.groups);
  is_entry_ = std::move(grouping.is_entry);
  is_called_ = std::move(grouping.is_called);
  inner_entries_ = std::move(grouping.inner_entries);
  for (const Function& function : functions_) {
    for (std::uint64_t pc = function.start; pc < function.end; pc += 4) {
      if (const std::optional<std::uint32_t> word = image.instruction_at(pc)) vocabulary_.add(*word);
    }
  }
  look_around();
}

// What functions do to others shows only when they are followed.
void StateDerivation::look_around() {
  std::vector<Ways> ways(groups_.size());
  Starts changed;
  for (std::size_t i = 0; i < groups_.size(); ++i) follow_again(i, ways, changed);
  // Those that call an unbalanced one may be so themselves, or only seem so until it is known what that one does. Real
  // images need few rounds. The bound is for hostile ones.
  constexpr unsigned max_rounds = 16;
  for (unsigned round = 0; !changed.empty(); ++round) {
    const std::vector<std::size_t> callers = find_callers_of(changed);
    changed.clear();
    for (const std::size_t group : callers) follow_again(group, ways, changed);
    if (round < max_rounds) continue;
    for (const Function& function : functions_) unbalanced_[function.start] = std::nullopt;
    break;
  }
  find_entered_otherwise(ways);
}

void StateDerivation::follow_again(std::size_t group, std::vector<Ways>& ways, Starts& changed) {
  ways[group].clear();
  const std::vector<FunctionStates> results = derive_for_others(surroundings(), members_of(groups_[group]));
  for (std::size_t i = 0; i < results.size(); ++i) {
    ways[group].insert(ways[group].end(), results[i].ways_out.begin(), results[i].ways_out.end());
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
  const auto goes_there = [&](std::size_t index) {
    for (std::uint64_t pc = functions_[index].start; pc < functions_[index].end; pc += 4) {
      const std::optional<std::uint32_t> word = image_.instruction_at(pc);
      if (word && starts.contains(flow_of(*word, pc).target)) return true;
    }
    return false;
  };
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (std::ranges::any_of(groups_[i], goes_there)) found.push_back(i);
  }
  return found;
}

// Code that is entered with another's frame in place takes it along to where it goes on.
void StateDerivation::find_entered_otherwise(const std::vector<Ways>& ways) {
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
  for (const Ways& ways_of_group : ways) {
    for (const FunctionStates::WayOut& way : ways_of_group) {
      if (!way.is_like_call) enter(way.target);
    }
  }
  while (!work.empty()) {
    const std::size_t group = work.back();
    work.pop_back();
    for (const FunctionStates::WayOut& way : ways[group]) enter(way.target);
  }
}

std::size_t StateDerivation::index_of(const Group& group) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(groups_, group) - groups_.begin());
}

std::vector<FunctionStates> StateDerivation::derive(const Group& group) const {
  std::vector<FunctionStates> results = derive_states(surroundings(), members_of(group));
  if (!is_entered_otherwise_[index_of(group)]) return results;
  // What was derived from its start on is right for those that call it only, and so is what follows in the group.
  for (std::size_t i = 0; i < group.size(); ++i) {
    results[i].states.clear();
    results[i].remarks.push_back({functions_[group[i]].start, "entered with a frame in place"});
  }
  return results;
}

Surroundings StateDerivation::surroundings() const {
  return {.image = image_,
          .noreturn = noreturn_,
          .landing_pads = landing_pads_,
          .vocabulary = vocabulary_,
          .unbalanced = unbalanced_,
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
