// SPDX-License-Identifier: MIT
#include "flow/group_derivation.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "flow/group.hpp"
#include "flow/straight_code.hpp"

namespace surefoot::tools {
namespace {

// More targets than any switch in sight has; a bound for tables whose size is not known.
constexpr std::int64_t max_table_entries = 4096;
// How often the instructions of a function are followed on average, at most. In the cross compiler's libraries it is 62
// times for one function and below 10 for most; more is code that is made to be slow.
constexpr std::size_t max_rounds = 200;
// The same for a whole group, where it has very many: no function in sight needs a tenth.
constexpr std::size_t max_group_steps = 8'000'000;

bool is_access_outside(const Instruction& instruction, const State& state) {
  const bool is_access = (instruction.word & 0x0a000000) == 0x08000000;
  const Value& base = state.x[instruction.word >> 5 & 31];
  return is_access && !base.is_stack_address();
}

}  // namespace

void GroupDerivation::add(const Member& member) {
  const Function& function = *member.function;
  Body body;
  body.function = &function;
  const std::size_t count = function.instruction_count();
  body.code.resize(count);
  body.is_leader.resize(count);
  body.leaders.resize(count);
  body.is_seen.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t pc = body.address_of(i);
    if (const std::optional<std::uint32_t> word = surroundings_.image.instruction_at(pc))
      body.code[i] = surroundings_.vocabulary.decode(*word, pc);
    if (!body.code[i]) continue;
    surroundings_.ways.add_to(body.code[i]->flow, body.code[i]->word, pc);
    if (calls_nobody(body.code[i]->flow, pc, function.end)) body.code[i]->flow = {};
    body.has_indirect_jump |= body.code[i]->flow.kind == Flow::Kind::indirect_jump;
  }
  max_steps_ = std::min(max_steps_ + max_rounds * count, max_group_steps);
  bodies_.push_back(std::move(body));
  if (member.is_entry) entries_.push_back(function.start);
  is_called_ &= !member.is_entry || member.is_called;
  entries_.insert(entries_.end(), member.inner_entries.begin(), member.inner_entries.end());
}

void GroupDerivation::follow_paths() {
  find_leaders();
  for (Body& body : bodies_) body.is_target = body.is_leader;
  for (const std::uint64_t entry : entries_) reach(entry, State::at_entry());
  settle();
  // What is said of the code, and of other functions, is said by what paths lead to.
  for (Body& body : bodies_) note(body);
  note_foreign_sp();
}

std::vector<FunctionStates> GroupDerivation::run_for_others() {
  follow_paths();
  std::vector<FunctionStates> results;
  for (Body& body : bodies_) {
    body.found.effect = effect_;
    body.found.targets = find_targets(body);
    results.push_back(std::move(body.found));
  }
  return results;
}

std::vector<FunctionStates> GroupDerivation::run() {
  follow_paths();
  join_all_unfollowed();
  for (Body& body : bodies_) try_unseen(body);
  join_all_unfollowed();
  for (Body& body : bodies_) record(body);
  const bool is_contradiction = std::ranges::any_of(bodies_, &Body::is_contradiction);
  std::vector<FunctionStates> results;
  for (Body& body : bodies_) {
    // States that are not finished say more than is true.
    const bool is_finished = steps_ <= max_steps_;
    if (!is_finished) remark(body, 0, "too intricate to be followed to the end");
    if (is_contradiction || !is_finished) body.found.states.clear();
    body.found.effect = effect_;
    results.push_back(std::move(body.found));
  }
  return results;
}

Body* GroupDerivation::find(std::uint64_t address) {
  const auto starts_above = [](std::uint64_t at, const Body& body) { return at < body.function->start; };
  const auto above = std::upper_bound(bodies_.begin(), bodies_.end(), address, starts_above);
  if (above == bodies_.begin() || !(above - 1)->contains(address)) return nullptr;
  return &*(above - 1);
}

void GroupDerivation::find_leaders() {
  for (const std::uint64_t entry : entries_) mark(entry);
  for (const Body& body : bodies_) {
    for (const std::optional<Instruction>& instruction : body.code) {
      if (!instruction) continue;
      if (instruction->flow.is_direct_jump()) mark(instruction->flow.target);
    }
  }
  for (const LandingPad& landing : landing_pads_in_group()) mark(landing.pad);
}

std::vector<LandingPad> GroupDerivation::landing_pads_in_group() {
  std::vector<LandingPad> found;
  for (const Body& body : bodies_) {
    auto at = std::ranges::lower_bound(surroundings_.landing_pads, body.function->start, {}, &LandingPad::end);
    for (; at != surroundings_.landing_pads.end() && at->start < body.function->end; ++at) found.push_back(*at);
  }
  return found;
}

void GroupDerivation::mark(std::uint64_t address) {
  Body* body = find(address);
  if (body != nullptr) body->is_leader[body->index_of(address)] = true;
}

// A path leads to the address in this state.
void GroupDerivation::reach(std::uint64_t address, const State& state) {
  Body* body = find(address);
  if (body == nullptr) return;
  const std::size_t index = body->index_of(address);
  if (!body->is_leader[index]) split(*body, index);
  std::unique_ptr<State>& known = body->leaders[index];
  if (trial_ != nullptr && !trial_->reaches(address, known.get(), state)) return;
  if (known == nullptr) {
    known = std::make_unique<State>(state);
  } else if (!known->join(state)) {
    return;
  }
  work_.push_back(address);
}

// A place where paths meet that no direct branch told of. What ran through it stops there from now on.
void GroupDerivation::split(Body& body, std::size_t index) {
  if (body.is_seen[index]) {
    body.leaders[index] = std::make_unique<State>(state_before(body, index));
    if (trial_ != nullptr) trial_->split(body.address_of(index));
  }
  body.is_leader[index] = true;
}

// Of an instruction that a path has come to. Requires that no other one begins between the leader before it and there.
State GroupDerivation::state_before(const Body& body, std::size_t index) {
  std::size_t at = index;
  while (!body.is_leader[at]) --at;
  State state = *body.leaders[at];
  for (; at < index; ++at) step(*body.code[at], body.address_of(at), state);
  return state;
}

void GroupDerivation::settle() {
  while (!work_.empty() && has_steps()) {
    const std::uint64_t at = work_.back();
    work_.pop_back();
    follow_path(at);
  }
}

void GroupDerivation::follow_path(std::uint64_t start) {
  Body& body = *find(start);
  std::size_t index = body.index_of(start);
  State state = *body.leaders[index];
  do {
    if (!body.code[index]) return;
    if (!take_step()) return;
    const Instruction& instruction = *body.code[index];
    if (trial_ != nullptr) judge(body, index, instruction, state);
    body.is_seen[index] = true;
    leave(body, index, instruction, state);
    if (!goes_on(instruction)) return;
    step(instruction, body.address_of(index), state);
    ++index;
  } while (index < body.code.size() && !body.is_leader[index]);
  if (index < body.code.size()) reach(body.address_of(index), state);
}

bool GroupDerivation::goes_on(const Instruction& instruction) const {
  if (instruction.flow.kind == Flow::Kind::call) {
    const std::uint64_t callee = instruction.flow.target;
    // What is behind a call of a function that does nobody knows what to sp, or that does not return, is found by
    // trial.
    const auto unbalanced = surroundings_.unbalanced.find(callee);
    const bool is_known = unbalanced == surroundings_.unbalanced.end() || unbalanced->second;
    if (!is_known || surroundings_.noreturn.contains(callee)) return false;
  }
  return instruction.flow.goes_on() && !instruction.flow.may_stop;
}

// Follows the ways from an instruction other than to the next one.
void GroupDerivation::leave(Body& body, std::size_t index, const Instruction& instruction, const State& before) {
  if (instruction.flow.has_ways) leave_as_declared(body.address_of(index), before);
  switch (instruction.flow.kind) {
    case Flow::Kind::jump:
    case Flow::Kind::branch: {
      State taken = before;
      apply_condition(instruction, true, taken);
      reach(instruction.flow.target, taken);
      if (find(instruction.flow.target) == nullptr) come_back(body, index, taken);
      return;
    }
    case Flow::Kind::call:
    case Flow::Kind::indirect_call:
      if (const auto pad = pad_of(surroundings_.landing_pads, body.address_of(index))) {
        State thrown = before;
        apply(instruction, body.address_of(index), thrown, tables_);
        reach(*pad, thrown);
      }
      return;
    case Flow::Kind::indirect_jump:
      for (const std::uint64_t target : targets_of(before.x[instruction.flow.target_register])) reach(target, before);
      come_back(body, index, before);
      return;
    case Flow::Kind::next:
      // With -fnon-call-exceptions loads and stores throw, from where they are; not those of the own frame.
      if (!is_access_outside(instruction, before)) return;
      if (const auto pad = pad_of(surroundings_.landing_pads, body.address_of(index))) reach(*pad, before);
      return;
    default: return;
  }
}

void GroupDerivation::leave_as_declared(std::uint64_t address, const State& before) {
  for (const DeclaredWays::Way& way : surroundings_.ways.ways_from(address)) {
    State there = before;
    if (way.is_fault) {
      // Who mends a fault tells of it in registers.
      std::fill(there.x.begin(), there.x.begin() + fp_number, Value{});
      there.compared = {};
    }
    reach(way.to, there);
  }
  for (const DeclaredWays::Alternative& alternative : surroundings_.ways.alternatives_at(address)) {
    take_alternative(alternative, before);
  }
}

// The other code stands in the same place: its states hold there as well.
void GroupDerivation::take_alternative(const DeclaredWays::Alternative& alternative, State state) {
  for (unsigned offset = 0; offset < alternative.bytes; offset += 4) {
    if (offset != 0) reach(alternative.start + offset, state);
    const std::uint64_t pc = alternative.replacement + offset;
    const Instruction instruction = surroundings_.vocabulary.decode(*surroundings_.image.instruction_at(pc), pc);
    if (instruction.flow.is_direct_jump()) {
      const std::uint64_t distance = instruction.flow.target - alternative.replacement;
      reach(distance < alternative.bytes ? alternative.start + distance : instruction.flow.target, state);
    }
    if (!goes_on(instruction)) return;
    step(instruction, pc, state);
  }
  reach(alternative.start + alternative.bytes, state);
}

// A jump away, with an address of the group in lr, is a call in several instructions.
bool GroupDerivation::comes_back(const State& state) {
  const Value& lr = state.x[lr_number];
  return lr.is(Value::Kind::constant) && find(static_cast<std::uint64_t>(lr.number)) != nullptr;
}

void GroupDerivation::come_back(const Body& body, std::size_t index, const State& before) {
  if (!comes_back(before)) return;
  State after = before;
  apply_call(body.address_of(index), after, tables_);
  reach(static_cast<std::uint64_t>(before.x[lr_number].number), after);
}

// Where an indirect jump may go. Empty if that is not known, or not known in whole.
std::vector<std::uint64_t> GroupDerivation::targets_of(const Value& target) {
  std::vector<std::uint64_t> targets;
  if (target.is(Value::Kind::constant) && find(static_cast<std::uint64_t>(target.number)) != nullptr) {
    targets.push_back(static_cast<std::uint64_t>(target.number));
  }
  if (target.is(Value::Kind::code_word)) return branches_at(static_cast<std::uint64_t>(target.number));
  if (!target.is(Value::Kind::code_target)) return targets;
  const JumpTable table = tables_[target.number];
  const bool is_bounded = table.last_index >= 0;
  if (table.last_index > max_table_entries) return targets;
  const std::int64_t last = is_bounded ? table.last_index : max_table_entries;
  for (std::int64_t i = 0; i <= last; ++i) {
    const std::optional<std::uint64_t> address = target_of(table, i, surroundings_.image);
    if (address && find(*address) != nullptr) {
      targets.push_back(*address);
      ++steps_;
    } else if (is_bounded) {
      return {};
    } else {
      break;  // the end of a table of unknown size, at the latest
    }
  }
  return targets;
}

// A jump table that consists of branches, up to the first instruction that is none.
std::vector<std::uint64_t> GroupDerivation::branches_at(std::uint64_t start) {
  std::vector<std::uint64_t> branches;
  for (std::uint64_t at = start; std::ssize(branches) < max_table_entries; at += 4) {
    const Body* const body = find(at);
    const bool is_jump = body != nullptr && body->code[body->index_of(at)] &&
                         body->code[body->index_of(at)]->flow.kind == Flow::Kind::jump;
    if (!is_jump) break;
    branches.push_back(at);
    ++steps_;
  }
  return branches;
}

// To the next instruction.
void GroupDerivation::step(const Instruction& instruction, std::uint64_t pc, State& state) {
  const bool is_call = instruction.flow.kind == Flow::Kind::call;
  const RegisterSet kept =
      is_call ? kept_by_straight_code(surroundings_.image, surroundings_.ways, instruction.flow.target) : 0;
  const std::array<Value, 32> before = kept != 0 ? state.x : std::array<Value, 32>{};
  apply(instruction, pc, state, tables_);
  for (unsigned reg = 0; kept >> reg != 0; ++reg) {
    if ((kept >> reg & 1) != 0) state.x[reg] = before[reg];
  }
  if (is_call) apply_effect(instruction.flow.target, state);
  if (instruction.flow.kind == Flow::Kind::branch) apply_condition(instruction, false, state);
}

// What a function does to sp and x29 that does not leave them as it found them.
void GroupDerivation::apply_effect(std::uint64_t function, State& state) const {
  const auto unbalanced = surroundings_.unbalanced.find(function);
  if (unbalanced == surroundings_.unbalanced.end()) return;
  if (unbalanced->second) {
    apply_call_effect(*unbalanced->second, state);
  } else {
    state = {};
  }
}

bool GroupDerivation::is_unfollowed(const Instruction& instruction, const State& state) {
  const Value& target = state.x[instruction.flow.target_register];
  // One to what was loaded from another stack is a return there: an exception of OCaml, for one.
  const bool is_known = target.is(Value::Kind::constant) || target.is(Value::Kind::foreign);
  return instruction.flow.kind == Flow::Kind::indirect_jump && !is_known && !comes_back(state) &&
         targets_of(target).empty();
}

std::vector<FunctionStates> derive_states(const Surroundings& surroundings, std::span<const Member> group) {
  GroupDerivation derivation(surroundings);
  for (const Member& member : group) derivation.add(member);
  return derivation.run();
}

std::vector<FunctionStates> derive_for_others(const Surroundings& surroundings, std::span<const Member> group) {
  GroupDerivation derivation(surroundings);
  for (const Member& member : group) derivation.add(member);
  return derivation.run_for_others();
}

}  // namespace surefoot::tools
