// SPDX-License-Identifier: MIT
#include "frames/follow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "frames/body.hpp"
#include "frames/jump_table.hpp"
#include "frames/transfer.hpp"

namespace surefoot::tools {
namespace {

// More targets than any switch in sight has; a bound for tables whose size is not known.
constexpr std::int64_t max_table_entries = 4096;
// How often the instructions of a function are followed on average, at most. In the cross compiler's libraries it is 62
// times for one function and below 10 for most; more is code that is made to be slow.
constexpr std::size_t max_rounds = 200;

// What is there is the caller's: to give it back is not for a function that was called.
bool is_above_cfa(const State& state) { return state.sp().is(Value::Kind::cfa) && state.sp().number > 0; }

bool is_access_outside(const Instruction& instruction, const State& state) {
  const bool is_access = (instruction.word & 0x0a000000) == 0x08000000;
  const Value& base = state.x[instruction.word >> 5 & 31];
  return is_access && !base.is_stack_address();
}

class GroupAnalysis {
 public:
  explicit GroupAnalysis(const Surroundings& surroundings) : surroundings_(surroundings) {}

  void add(const Member& member) {
    const Function& function = *member.function;
    Body body;
    body.function = &function;
    const std::size_t count = function.instruction_count();
    body.code.resize(count);
    body.is_leader.resize(count);
    body.leaders.resize(count);
    body.is_seen.resize(count);
    body.analysis.states.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t pc = body.address_of(i);
      if (const std::optional<std::uint32_t> word = surroundings_.image.instruction_at(pc))
        body.code[i] = surroundings_.decoder.decode(*word, pc);
    }
    max_steps_ += max_rounds * count;
    bodies_.push_back(std::move(body));
    if (member.is_entry) entries_.push_back(function.start);
    is_called_ &= !member.is_entry || member.is_called;
    entries_.insert(entries_.end(), member.inner_entries.begin(), member.inner_entries.end());
  }

  std::vector<Analysis> run() {
    find_leaders();
    for (Body& body : bodies_) body.is_target = body.is_leader;
    for (const std::uint64_t entry : entries_) reach(entry, State::at_entry());
    settle();
    // What is said of the code, and of other functions, is said by what is certain.
    for (Body& body : bodies_) note(body);
    for (Body& body : bodies_) body.is_seen_for_sure = body.is_seen;
    supply_unseen_ways();
    for (Body& body : bodies_) record(body);
    const bool is_contradiction = std::ranges::any_of(bodies_, &Body::is_contradiction);
    std::vector<Analysis> results;
    for (Body& body : bodies_) {
      // States that are not finished say more than is true.
      const bool is_finished = steps_ <= max_steps_;
      if (!is_finished) remark(body, 0, "too intricate to be followed to the end");
      if (is_contradiction || !is_finished) std::ranges::fill(body.analysis.states, std::nullopt);
      body.analysis.sp_change = sp_change_;
      results.push_back(std::move(body.analysis));
    }
    return results;
  }

 private:
  Body* find(std::uint64_t address) {
    for (Body& body : bodies_) {
      if (body.contains(address)) return &body;
    }
    return nullptr;
  }

  void find_leaders() {
    for (const std::uint64_t entry : entries_) mark(entry);
    for (const Body& body : bodies_) {
      for (const std::optional<Instruction>& instruction : body.code) {
        if (!instruction) continue;
        if (instruction->flow.is_direct_jump()) mark(instruction->flow.target);
      }
    }
    for (const LandingPad& landing : landing_pads_in_group()) mark(landing.pad);
  }

  std::vector<LandingPad> landing_pads_in_group() {
    std::vector<LandingPad> found;
    for (const Body& body : bodies_) {
      auto at = std::ranges::lower_bound(surroundings_.landing_pads, body.function->start, {}, &LandingPad::end);
      for (; at != surroundings_.landing_pads.end() && at->start < body.function->end; ++at) found.push_back(*at);
    }
    return found;
  }

  void mark(std::uint64_t address) {
    Body* body = find(address);
    if (body != nullptr) body->is_leader[body->index_of(address)] = true;
  }

  // A path leads to the address in this state.
  void reach(std::uint64_t address, const State& state) {
    Body* body = find(address);
    if (body == nullptr) return;
    const std::size_t index = body->index_of(address);
    if (!body->is_leader[index]) split(*body, index);
    std::optional<State>& known = body->leaders[index];
    if (!known) {
      known = state;
    } else if (!known->join(state)) {
      return;
    }
    work_.push_back(address);
  }

  // A place where paths meet that no direct branch told of. What ran through it stops there from now on.
  void split(Body& body, std::size_t index) {
    body.is_leader[index] = true;
    std::size_t before = index;
    while (before > 0 && !body.is_leader[before - 1]) --before;
    if (before > 0 && body.leaders[before - 1]) work_.push_back(body.address_of(before - 1));
  }

  void settle() {
    while (!work_.empty() && steps_ <= max_steps_) {
      const std::uint64_t at = work_.back();
      work_.pop_back();
      follow(at);
    }
  }

  void follow(std::uint64_t start) {
    Body& body = *find(start);
    std::size_t index = body.index_of(start);
    State state = *body.leaders[index];
    do {
      if (!body.code[index]) return;
      if (++steps_ > max_steps_) return;
      body.is_seen[index] = true;
      const Instruction& instruction = *body.code[index];
      leave(body, index, instruction, state);
      if (!goes_on(instruction)) return;
      step(instruction, body.address_of(index), state);
      ++index;
    } while (index < body.code.size() && !body.is_leader[index]);
    if (index < body.code.size()) reach(body.address_of(index), state);
  }

  [[nodiscard]] bool goes_on(const Instruction& instruction) const {
    if (instruction.flow.kind == Flow::Kind::call && surroundings_.noreturn.contains(instruction.flow.target))
      return false;
    return instruction.flow.goes_on();
  }

  // Follows the ways from an instruction other than to the next one.
  void leave(Body& body, std::size_t index, const Instruction& instruction, const State& before) {
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
        if (const std::uint64_t pad = pad_of(surroundings_.landing_pads, body.address_of(index))) {
          State thrown = before;
          apply(instruction, body.address_of(index), thrown, tables_);
          reach(pad, thrown);
        }
        return;
      case Flow::Kind::indirect_jump:
        for (const std::uint64_t target : targets_of(before.x[instruction.flow.target_register])) reach(target, before);
        come_back(body, index, before);
        return;
      case Flow::Kind::next:
        // With -fnon-call-exceptions loads and stores throw, from where they are; not those of the own frame.
        if (!is_access_outside(instruction, before)) return;
        if (const std::uint64_t pad = pad_of(surroundings_.landing_pads, body.address_of(index))) reach(pad, before);
        return;
      default: return;
    }
  }

  // A jump away, with an address of the group in lr, is a call in several instructions.
  [[nodiscard]] bool comes_back(const State& state) {
    const Value& lr = state.x[lr_number];
    return lr.is(Value::Kind::constant) && find(static_cast<std::uint64_t>(lr.number)) != nullptr;
  }

  void come_back(const Body& body, std::size_t index, const State& before) {
    if (!comes_back(before)) return;
    State after = before;
    apply_call(body.address_of(index), after, tables_);
    reach(static_cast<std::uint64_t>(before.x[lr_number].number), after);
  }

  // Where an indirect jump may go. Empty if that is not known, or not known in whole.
  std::vector<std::uint64_t> targets_of(const Value& target) {
    std::vector<std::uint64_t> targets;
    if (target.is(Value::Kind::constant) && find(static_cast<std::uint64_t>(target.number)) != nullptr) {
      targets.push_back(static_cast<std::uint64_t>(target.number));
    }
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

  // Calls visit(index, instruction, state before it) for all that is reached.
  template <typename Visitor>
  void walk(Body& body, Visitor visit) {
    steps_ += body.code.size();
    std::optional<State> state;
    for (std::size_t index = 0; index < body.code.size(); ++index) {
      if (body.is_leader[index]) state = body.leaders[index];
      const std::optional<Instruction>& instruction = body.code[index];
      if (!instruction) state.reset();
      if (!state) continue;
      visit(index, *instruction, *state);
      if (goes_on(*instruction)) {
        step(*instruction, body.address_of(index), *state);
      } else {
        state.reset();
      }
    }
  }

  // To the next instruction.
  void step(const Instruction& instruction, std::uint64_t pc, State& state) {
    const auto unbalanced = instruction.flow.kind == Flow::Kind::call
                                ? surroundings_.unbalanced.find(instruction.flow.target)
                                : surroundings_.unbalanced.end();
    const bool is_unbalanced = unbalanced != surroundings_.unbalanced.end();
    if (is_unbalanced && !unbalanced->second) {
      state = {};
      return;
    }
    apply(instruction, pc, state, tables_);
    if (is_unbalanced) apply_sp_change(*unbalanced->second, state);
    if (instruction.flow.kind == Flow::Kind::branch) apply_condition(instruction, false, state);
  }

  [[nodiscard]] bool is_unfollowed(const Instruction& instruction, const State& state) {
    const Value& target = state.x[instruction.flow.target_register];
    return instruction.flow.kind == Flow::Kind::indirect_jump && !target.is(Value::Kind::constant) &&
           !comes_back(state) && targets_of(target).empty();
  }

  // Ways that no instruction shows: by jumps that cannot be followed, and into code that is there all the same.
  void supply_unseen_ways() {
    std::vector<State> unfollowed;
    for (bool has_changed = true; has_changed && steps_ <= max_steps_;) {
      unfollowed = find_unfollowed();
      has_changed = join_unfollowed(unfollowed);
      settle();
    }
    const bool has_frame = has_a_frame();
    for (Body& body : bodies_) reach_the_rest(body, unfollowed, has_frame);
    for (bool has_changed = true; has_changed && steps_ <= max_steps_;) {
      has_changed = join_unfollowed(find_unfollowed());
      settle();
    }
  }

  // True if sp, x29 or lr is somewhere not what a call leaves.
  bool has_a_frame() {
    bool has_frame = false;
    for (Body& body : bodies_) {
      walk(body, [&](std::size_t, const Instruction&, const State& state) { has_frame |= !state.is_as_called(); });
    }
    return has_frame;
  }

  std::vector<State> find_unfollowed() {
    std::vector<State> found;
    for (Body& body : bodies_) {
      walk(body, [&](std::size_t, const Instruction& instruction, const State& state) {
        if (!is_unfollowed(instruction, state)) return;
        const auto same = std::ranges::find(found, state.sp(), &State::sp);
        if (same == found.end()) {
          found.push_back(state);
        } else {
          same->join(state);
        }
      });
    }
    return found;
  }

  // A jump that is not followed may go to any instruction that finds the frame as the jump leaves it. One without a
  // frame is a tail call. Code that saves what the caller had in a register, or that returns by lr as it is, does not
  // expect to be entered after those were used for something else.
  bool join_unfollowed(const std::vector<State>& unfollowed) {
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

  // Code to which no path leads is entered by what could not be seen to lead anywhere: a call before it that returns
  // after all, a jump that is not followed, or else from anywhere. It may go on into code that is known.
  void reach_the_rest(Body& body, const std::vector<State>& unfollowed, bool has_frame) {
    for (std::size_t index = 0; index < body.code.size(); ++index) {
      if (body.is_seen[index] || !body.code[index] || is_nop(body.code[index]->word)) continue;
      std::vector<State> ways = unfollowed;
      if (const std::optional<State> returned = find_return_before(body, index)) ways.push_back(*returned);
      // Only a function that never has a frame is taken to jump inside of it by what looks like tail calls.
      if (has_frame && std::ranges::all_of(ways, &State::has_no_frame)) ways.clear();
      if (ways.empty()) ways.emplace_back();
      for (const State& state : ways) reach(body.address_of(index), state);
      settle();
    }
  }

  // The state after the call that ends in front of the instruction, or of the filling in front of it.
  std::optional<State> find_return_before(const Body& body, std::size_t index) {
    while (index > 0 && body.code[index - 1] && is_nop(body.code[index - 1]->word)) --index;
    if (index == 0 || !body.code[index - 1] || !body.code[index - 1]->flow.is_call() || !body.is_seen[index - 1])
      return {};
    std::size_t at = index - 1;
    while (!body.is_leader[at]) --at;
    State state = *body.leaders[at];
    for (; at < index; ++at) step(*body.code[at], body.address_of(at), state);
    return state;
  }

  void remark(Body& body, std::size_t index, std::string text) {
    body.analysis.remarks.push_back({body.address_of(index), std::move(text)});
  }

  void note(Body& body) {
    walk(body, [&](std::size_t index, const Instruction& instruction, const State& state) {
      note(body, index, instruction, state);
      note_ways_out(body, instruction, state);
      body.is_contradiction |= returns_elsewhere(body, index, instruction, state);
      if (instruction.flow.kind == Flow::Kind::function_return) note_end_of_group(state);
      // Where there is CFI, that says how the function is entered.
      body.is_contradiction |= is_above_cfa(state) && !body.function->has_cfi;
      if (index + 1 == body.code.size()) note_end(body, instruction, state);
    });
    const bool has_code = !body.code.empty() && body.code.back().has_value();
    body.analysis.ends_in_call = has_code && body.code.back()->flow.is_call();
  }

  void note_end(Body& body, const Instruction& last, const State& before) {
    if (!goes_on(last) || last.flow.is_trap || surroundings_.noreturn.is_end(*body.function, last.flow)) return;
    State after = before;
    step(last, body.function->end - 4, after);
    note_way_out(body, body.function->end, after);
  }

  // Code of which neither a way to it nor its sp is known has no state. Filling is never run, or runs into what
  // follows.
  void record(Body& body) {
    std::vector<std::optional<State>>& states = body.analysis.states;
    walk(body, [&](std::size_t index, const Instruction&, const State& state) {
      if (body.is_seen_for_sure[index] || state.lowest_safe_slot()) states[index] = state;
    });
    for (std::size_t index = body.code.size(); index-- > 1;) {
      const std::optional<Instruction>& filling = body.code[index - 1];
      if (states[index] && !states[index - 1] && filling && is_nop(filling->word)) states[index - 1] = states[index];
    }
  }

  void note_ways_out(Body& body, const Instruction& instruction, const State& state) {
    const Value& target = state.x[instruction.flow.target_register];
    switch (instruction.flow.kind) {
      case Flow::Kind::jump:
      case Flow::Kind::branch: return note_way_out(body, instruction.flow.target, state);
      case Flow::Kind::indirect_jump:
        if (target.is(Value::Kind::constant)) {
          note_way_out(body, static_cast<std::uint64_t>(target.number), state);
        } else if (is_unfollowed(instruction, state)) {
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

  void note_way_out(Body& body, std::uint64_t target, const State& state) {
    if (find(target) != nullptr) return;
    body.analysis.ways_out.push_back({.target = target, .is_like_call = state.has_no_frame() || comes_back(state)});
    if (comes_back(state)) return;
    const bool is_unbalanced = surroundings_.unbalanced.contains(target);
    body.analysis.is_unbalanced |= is_unbalanced;
    note_end_of_group(is_unbalanced ? State{} : state);
  }

  // A return, or a tail call.
  void note_end_of_group(const State& state) {
    std::optional<std::int64_t> sp_change;
    if (state.sp().is(Value::Kind::cfa) && state.x[fp_number].is(Value::Kind::entry_fp)) sp_change = state.sp().number;
    if (has_end_ && sp_change != sp_change_) sp_change.reset();
    sp_change_ = sp_change;
    has_end_ = true;
  }

  void note(Body& body, std::size_t index, const Instruction& instruction, const State& state) {
    if (instruction.flow.is_call()) {
      if (state.x[fp_number].is(Value::Kind::entry_fp)) {
        body.analysis.calls_without_record.push_back(body.address_of(index));
      } else if (!state.has_record()) {
        body.analysis.calls_with_wrong_record.push_back(body.address_of(index));
      }
    }
    if (is_unfollowed(instruction, state) && !state.has_no_frame()) {
      remark(body, index, fmt::format("x{} is not followed", instruction.flow.target_register));
    }
  }

  // A return with a frame still in place, or to something else than the caller: this is not what it was taken for.
  bool returns_elsewhere(Body& body, std::size_t index, const Instruction& instruction, const State& state) {
    if (instruction.flow.kind != Flow::Kind::function_return) return false;
    const Value& lr = state.x[instruction.flow.target_register];
    const bool is_wrong_sp = state.sp().is(Value::Kind::cfa) && state.sp().number != 0;
    const bool is_wrong_fp = state.x[fp_number].is(Value::Kind::cfa);
    const bool is_wrong_lr = !lr.is(Value::Kind::entry_lr) && lr.is_worth_keeping();
    if (is_wrong_sp) remark(body, index, fmt::format("returns with sp at the CFA{:+}", state.sp().number));
    if (is_wrong_fp) remark(body, index, "returns with x29 in its frame");
    if (is_wrong_lr) remark(body, index, "returns to something else than its caller");
    body.analysis.is_unbalanced |= is_wrong_sp || is_wrong_fp;
    return is_wrong_sp || is_wrong_fp || is_wrong_lr;
  }

  const Surroundings& surroundings_;
  std::vector<Body> bodies_;
  std::vector<std::uint64_t> entries_;
  std::vector<std::uint64_t> work_;
  bool is_called_ = true;  // each entry is the target of a call
  bool has_end_ = false;
  std::optional<std::int64_t> sp_change_;  // at all ends so far
  std::size_t steps_ = 0;
  std::size_t max_steps_ = 0;
  JumpTables tables_;
};

}  // namespace

std::vector<Analysis> follow(const Surroundings& surroundings, std::span<const Member> group) {
  GroupAnalysis analysis(surroundings);
  for (const Member& member : group) analysis.add(member);
  return analysis.run();
}

}  // namespace surefoot::tools
