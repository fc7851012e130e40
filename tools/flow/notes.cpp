// SPDX-License-Identifier: MIT
//
// What is said of a function for people, for its callers, and against it.
#include <fmt/format.h>

#include <utility>

#include "flow/group_derivation.hpp"

namespace surefoot::tools {

void GroupDerivation::remark(Body& body, std::size_t index, std::string text) {
  body.found.remarks.push_back({body.address_of(index), std::move(text)});
}

void GroupDerivation::note(Body& body) {
  walk(body, [&](std::size_t index, const Instruction& instruction, const State& state) {
    note(body, index, instruction, state);
    note_ways_out(body, instruction, state);
    body.is_contradiction |= returns_elsewhere(body, index, instruction, state);
    if (instruction.flow.kind == Flow::Kind::function_return) {
      has_return_ = true;
      note_end_of_group(state);
    }
    // Where there is CFI, that says how the function is entered.
    body.is_contradiction |= is_above_cfa(state) && !body.function->has_cfi;
    if (index + 1 == body.code.size()) note_end(body, instruction, state);
  });
  const bool has_code = !body.code.empty() && body.code.back().has_value();
  body.found.ends_in_call = has_code && body.code.back()->flow.is_call();
}

void GroupDerivation::note_end(Body& body, const Instruction& last, const State& before) {
  if (!goes_on(last) || last.flow.may_stop || surroundings_.noreturn.is_end(*body.function, last.flow)) return;
  // Compilers end code that is never reached anywhere. Who runs on into a function may mean it.
  const Function* const next = surroundings_.image.find_function(body.function->end);
  if (next == nullptr || next->start != body.function->end) return;
  State after = before;
  step(last, body.function->end - 4, after);
  note_way_out(body, body.function->end, after);
}

// Filling is never run, or runs into what follows.
void GroupDerivation::record(Body& body) {
  body.found.filling = find_filling(body);
  StateList& states = body.found.states;
  states = StateList(body.code.size());
  walk(body, [&](std::size_t index, const Instruction&, const State& state) { states.set(index, state); });
  for (std::size_t index = body.code.size(); index-- > 1;) {
    const std::optional<Instruction>& filling = body.code[index - 1];
    if (states[index] && !states[index - 1] && filling && is_nop(filling->word)) states.copy(index, index - 1);
  }
}

void GroupDerivation::note_ways_out(Body& body, const Instruction& instruction, const State& state) {
  const Value& target = state.x[instruction.flow.target_register];
  switch (instruction.flow.kind) {
    case Flow::Kind::jump:
    case Flow::Kind::branch: return note_way_out(body, instruction.flow.target, state);
    case Flow::Kind::indirect_jump:
      if (target.is(Value::Kind::constant)) {
        note_way_out(body, static_cast<std::uint64_t>(target.number), state);
      } else if (target.is(Value::Kind::foreign) || is_unfollowed(instruction, state)) {
        note_end_of_group(state);
      }
      return;
    case Flow::Kind::exception_return:
      // What is not called is entered by an exception, with the lr of what was interrupted.
      body.is_contradiction |= !is_called_;
      return;
    default: return;
  }
}

void GroupDerivation::note_way_out(Body& body, std::uint64_t target, const State& state) {
  if (find(target) != nullptr) return;
  body.found.ways_out.push_back({.target = target, .is_like_call = state.has_no_frame() || comes_back(state)});
  if (comes_back(state) || is_part(target)) return;
  // What it leaves to where it goes on is found by its callers, and what is done there as well.
  State end = state;
  apply_effect(target, end);
  body.found.is_unbalanced |= is_moved(end) || end == State{};
  note_end_of_group(end);
}

// True if CFI says that the code there is entered with a frame in place: a cold part, which nobody has named so.
bool GroupDerivation::is_part(std::uint64_t target) const { return surroundings_.testimony.has_frame(target); }

// True if sp or x29 is known to be other than a call leaves it.
bool GroupDerivation::is_moved(const State& state) {
  const Value& fp = state.x[fp_number];
  const bool is_fp_moved = fp.is(Value::Kind::cfa) || fp.is(Value::Kind::callers_slot);
  return (state.sp().is(Value::Kind::cfa) && state.sp().number != 0) || is_fp_moved;
}

// A return, or a tail call.
void GroupDerivation::note_end_of_group(const State& state) {
  std::optional<CallEffect> effect;
  const Value& fp = state.x[fp_number];
  const Value& lr = state.x[lr_number];
  const bool is_fp_told = fp.is(Value::Kind::entry_fp) || fp.is(Value::Kind::cfa) || fp.is(Value::Kind::callers_slot);
  if (state.sp().is(Value::Kind::cfa) && is_fp_told) {
    effect = {state.sp().number, fp, lr.is(Value::Kind::callers_slot) ? lr : Value{}};
  }
  if (has_end_ && effect != effect_) effect.reset();
  effect_ = effect;
  has_end_ = true;
  has_end_with_sp_ |= state.sp().is_stack_address();
}

// A function all of whose ends are jumps, with the stack left for another one, goes where that leads: not back to its
// caller. One that returns from there is a switch of tasks, to which the task comes back.
void GroupDerivation::note_foreign_sp() {
  if (!has_end_ || has_return_ || has_end_with_sp_ || !takes_foreign_sp_) return;
  effect_.reset();
  for (Body& body : bodies_) body.found.is_unbalanced = true;
}

void GroupDerivation::note(Body& body, std::size_t index, const Instruction& instruction, const State& state) {
  if (instruction.flow.is_call()) {
    if (state.x[fp_number].is(Value::Kind::entry_fp)) {
      body.found.calls_without_record.push_back(body.address_of(index));
    } else if (!state.has_record()) {
      body.found.calls_with_wrong_record.push_back(body.address_of(index));
    }
  }
  const bool is_move = instruction.operation == Instruction::Operation::add && instruction.destination == sp_number;
  takes_foreign_sp_ |= is_move && (instruction.written >> sp_number & 1) != 0 && state.sp().is_stack_address() &&
                       !state.x[instruction.source].is_stack_address();
  if (is_unfollowed(instruction, state) && !state.has_no_frame()) {
    remark(body, index, fmt::format("x{} is not followed", instruction.flow.target_register));
  }
}

// A return with a frame still in place, or to something else than the caller: this is not what it was taken for.
bool GroupDerivation::returns_elsewhere(Body& body, std::size_t index, const Instruction& instruction,
                                        const State& state) {
  if (instruction.flow.kind != Flow::Kind::function_return) return false;
  const Value& lr = state.x[instruction.flow.target_register];
  const bool is_wrong_sp = state.sp().is(Value::Kind::cfa) && state.sp().number != 0;
  const bool is_wrong_fp = state.x[fp_number].is(Value::Kind::cfa);
  const bool is_wrong_lr = !lr.is(Value::Kind::entry_lr) && lr.is_worth_keeping();
  if (is_wrong_sp) remark(body, index, fmt::format("returns with sp at the CFA{:+}", state.sp().number));
  if (is_wrong_fp) remark(body, index, "returns with x29 in its frame");
  if (is_wrong_lr) remark(body, index, "returns to something else than its caller");
  body.found.is_unbalanced |= is_moved(state);
  return is_wrong_sp || is_wrong_fp || is_wrong_lr;
}

}  // namespace surefoot::tools
