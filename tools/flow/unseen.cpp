// SPDX-License-Identifier: MIT
//
// Ways that no instruction shows, and code to which no path leads.
#include <algorithm>
#include <functional>
#include <utility>

#include "flow/group_derivation.hpp"

namespace surefoot::tools {

void GroupDerivation::join_all_unfollowed() {
  for (bool has_changed = true; has_changed && has_steps();) {
    has_changed = join_unfollowed(find_unfollowed());
    settle();
  }
}

std::vector<State> GroupDerivation::find_unfollowed() {
  std::vector<State> found;
  for (Body& body : bodies_) {
    if (!body.has_indirect_jump) continue;
    walk(body, [&](std::size_t, const Instruction& instruction, const State& state) {
      if (!is_unfollowed(instruction, state)) return;
      // Code that only such jumps lead to may do so with the return address in its slot alone.
      State from = state;
      forget_what_is_saved(from);
      const auto same = std::ranges::find(found, from.sp(), &State::sp);
      if (same == found.end()) {
        found.push_back(std::move(from));
      } else {
        same->join(from);
      }
    });
  }
  return found;
}

// A jump that is not followed may go to any instruction that finds the frame as the jump leaves it. One without a
// frame is a tail call. Code that saves what the caller had in a register, or that returns by lr as it is, does not
// expect to be entered after those were used for something else.
bool GroupDerivation::join_unfollowed(const std::vector<State>& unfollowed) {
  bool has_changed = false;
  for (const State& from : unfollowed) {
    if (from.has_no_frame()) continue;
    for (Body& body : bodies_) {
      std::vector<std::size_t> targets;
      const std::size_t prologue_end = find_prologue_end(body);
      walk(body, [&](std::size_t index, const Instruction&, const State& to) {
        const bool is_possible = index >= prologue_end && has_same_frame(from, to) &&
                                 (from.x[lr_number].is(Value::Kind::entry_lr) || !returns_at_once(body, index));
        State joined = to;
        if (is_possible && joined.join(from)) targets.push_back(index);
      });
      for (const std::size_t index : targets) reach(body.address_of(index), from);
      has_changed |= !targets.empty();
    }
  }
  return has_changed;
}

// Code to which no path leads: behind a patched branch, a trap or a call that comes back after all, or where a jump
// goes that is not followed. What is known elsewhere is tried there, and holds if everything that flows from it agrees.
void GroupDerivation::try_unseen(Body& body) {
  const std::vector<std::uint64_t> filling = find_filling(body);
  for (std::size_t index = 0; index < body.code.size(); ++index) {
    if (body.is_seen[index] || !body.code[index] || is_nop(body.code[index]->word)) continue;
    if (is_barrier(body.code[index]->word) && std::ranges::binary_search(filling, body.address_of(index))) continue;
    // What did not hold before the instruction that goes on here does not hold here.
    const bool is_beginning = index == 0 || body.is_leader[index] || body.is_seen[index - 1] || !body.code[index - 1] ||
                              is_nop(body.code[index - 1]->word) || is_barrier(body.code[index - 1]->word) ||
                              !goes_on(*body.code[index - 1]);
    const std::optional<State> found = is_beginning ? find_by_trial(body, index) : std::nullopt;
    if (!found) continue;
    reach(body.address_of(index), *found);
    settle();
  }
}

// What nothing leads to but what goes elsewhere: barriers are there for CPUs that speculate past that, the rest fills.
std::vector<std::uint64_t> GroupDerivation::find_filling(const Body& body) {
  std::vector<std::uint64_t> found;
  bool is_behind_end = false;
  for (std::size_t index = 0; index < body.code.size(); ++index) {
    const std::optional<Instruction>& instruction = body.code[index];
    const bool may_fill =
        instruction && (is_barrier(instruction->word) || is_nop(instruction->word) || instruction->word == 0);
    if (may_fill && !body.is_seen[index] && !body.is_target[index]) {
      if (is_behind_end) found.push_back(body.address_of(index));
    } else {
      is_behind_end = instruction && !instruction->flow.goes_on();
    }
  }
  return found;
}

// The frames in which instructions of the group are, the frequent ones first: with what is to be known of each.
std::vector<State> GroupDerivation::find_frames() {
  constexpr std::size_t max_frames = 6;
  std::vector<std::pair<std::size_t, State>> found;
  for (Body& body : bodies_) {
    walk(body, [&](std::size_t, const Instruction&, const State& state) {
      State frame;
      frame.x[sp_number] = state.sp();
      frame.x[fp_number] = state.x[fp_number];
      const bool is_known = frame.sp().is_stack_address() && frame.x[fp_number].is_known() && !state.has_no_frame();
      if (!is_known) return;
      for (const Slot& slot : state.slots) {
        if (slot.value.is_of_caller()) frame.slots.push_back(slot);
      }
      frame.x[lr_number] = state.x[lr_number].is(Value::Kind::entry_lr) ? state.x[lr_number] : Value{};
      forget_what_is_saved(frame);
      const auto same = std::ranges::find(found, frame, &std::pair<std::size_t, State>::second);
      if (same != found.end()) {
        ++same->first;
      } else if (found.size() < 4 * max_frames) {
        found.emplace_back(1, std::move(frame));
      }
    });
  }
  std::ranges::sort(found, std::greater{}, &std::pair<std::size_t, State>::first);
  std::vector<State> frames;
  for (auto& [count, frame] : found) {
    if (frames.size() < max_frames) frames.push_back(std::move(frame));
  }
  return frames;
}

// What is known elsewhere and agrees with CFI, or else what CFI says, if that agrees with all that flows from there;
// else what agrees with it by itself.
std::optional<State> GroupDerivation::find_by_trial(Body& body, std::size_t index) {
  const std::uint64_t address = body.address_of(index);
  if (!frames_) frames_ = find_frames();
  std::vector<State> candidates = *frames_;
  if (std::optional<State> behind = find_state_behind(body, index)) {
    forget_what_is_saved(*behind);
    candidates.push_back(std::move(*behind));
  }
  candidates.push_back(State::at_entry());
  const Testimony& testimony = surroundings_.testimony;
  for (const State& candidate : candidates) {
    if (testimony.compare(candidate, address) == Comparison::agree && is_tried(address, candidate, &testimony)) {
      return candidate;
    }
  }
  const std::optional<State> said = testimony.state_at(address);
  if (said && is_tried(address, *said, &testimony)) return said;
  std::optional<State> found;
  for (State& candidate : candidates) {
    if (!is_tried(address, candidate, nullptr)) continue;
    // That sp is where it is said to be shows only if what follows depends on it.
    State without_sp = candidate;
    without_sp.set_sp({.kind = Value::Kind::cfa_at_most, .number = candidate.sp().number});
    const bool has_base = candidate.x[fp_number].is(Value::Kind::cfa) && candidate.sp().is(Value::Kind::cfa);
    if (has_base && is_tried(address, without_sp, nullptr)) candidate = without_sp;
    if (found) {
      found->join(candidate);
    } else {
      found = candidate;
    }
  }
  return found;
}

// A return address that was saved is to be had from there: the register may have been used since.
void GroupDerivation::forget_what_is_saved(State& state) {
  if (state.has_saved_lr()) state.x[lr_number] = {};
}

// True if the state, at an address to which no path leads, agrees with all that flows from it.
bool GroupDerivation::is_tried(std::uint64_t address, const State& state, const Testimony* testimony) {
  Trial trial(testimony);
  trial_ = &trial;
  trial_steps_ += 1;
  reach(address, state);
  settle();
  work_.clear();
  for (const std::uint64_t leader : trial.reached()) {
    Body& body = *find(leader);
    body.leaders[body.index_of(leader)].reset();
  }
  for (const std::uint64_t seen : trial.seen()) {
    Body& body = *find(seen);
    body.is_seen[body.index_of(seen)] = false;
  }
  trial_ = nullptr;
  return trial.is_confirmed() && trial_steps_ <= max_steps_;
}

// What an instruction says of a state that is tried before it.
void GroupDerivation::judge(const Body& body, std::size_t index, const Instruction& instruction, const State& state) {
  if (!body.is_seen[index]) trial_->see(body.address_of(index));
  if (!trial_->agrees_with_testimony(state, body.address_of(index)) || is_above_cfa(state)) return trial_->refute();
  // Who has the caller's frame pointer does not reach into that frame by it.
  const bool is_by_fp = instruction.memory.base == fp_number && instruction.register_count != 0;
  if (is_by_fp && state.x[fp_number].is(Value::Kind::entry_fp)) return trial_->refute();
  const bool is_left = instruction.flow.kind == Flow::Kind::jump && find(instruction.flow.target) == nullptr;
  if (instruction.flow.kind == Flow::Kind::function_return) {
    const Value& lr = state.x[instruction.flow.target_register];
    trial_->end(state.has_no_frame() && lr.is(Value::Kind::entry_lr));
  } else if (is_left && !surroundings_.noreturn.contains(instruction.flow.target) && !comes_back(state)) {
    // It confirms nothing: compilers let code that is never reached jump to what follows the function.
    if (!state.has_no_frame() && instruction.flow.target != body.function->end) trial_->refute();
  }
}

bool GroupDerivation::has_steps() const {
  if (trial_ != nullptr) return !trial_->is_refuted() && trial_steps_ <= max_steps_;
  return steps_ <= max_steps_;
}

bool GroupDerivation::take_step() {
  ++(trial_ != nullptr ? trial_steps_ : steps_);
  return has_steps();
}

// The state behind the call or the trap that ends in front of the instruction, or of the filling in front of it.
std::optional<State> GroupDerivation::find_state_behind(const Body& body, std::size_t index) {
  while (index > 0 && body.code[index - 1] && is_nop(body.code[index - 1]->word)) --index;
  if (index == 0 || !body.code[index - 1] || !body.is_seen[index - 1]) return {};
  const Flow& flow = body.code[index - 1]->flow;
  if (!flow.is_call() && !flow.may_stop) return {};
  State state = state_before(body, index - 1);
  step(*body.code[index - 1], body.address_of(index - 1), state);
  return state;
}

}  // namespace surefoot::tools
