// SPDX-License-Identifier: MIT
#include "frames/analyze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "frames/groups.hpp"
#include "frames/jump_table.hpp"
#include "frames/transfer.hpp"

namespace surefoot::tools {
namespace {

// More targets than any switch in sight has; a bound for tables whose size is not known.
constexpr std::int64_t max_table_entries = 4096;
// How often the instructions of a function are followed on average, at most. In the cross compiler's libraries it is 62
// times for one function and below 10 for most; more is code that is made to be slow.
constexpr std::size_t max_rounds = 200;

bool is_record(const State& state) {
  const Value& fp = state.x[fp_number];
  return fp.is(Value::Kind::cfa) && state.slot(fp.number).is(Value::Kind::entry_fp) &&
         state.slot(fp.number + 8).is(Value::Kind::entry_lr);
}

// As a function finds it when it is called. What has become of lr is left aside: code that jumps with another one has
// been called last by what lr names.
bool is_like_entry(const State& state) {
  return state.sp() == Value::cfa(0) && state.x[fp_number].is(Value::Kind::entry_fp);
}

// What is there is the caller's: to give it back is not for a function that was called.
bool is_above_cfa(const State& state) { return state.sp().is(Value::Kind::cfa) && state.sp().number > 0; }

// One function of the group while it is followed.
struct Body {
  const Function* function = nullptr;
  std::vector<std::optional<Instruction>> code;  // empty where there is data
  std::vector<bool> is_leader;                   // a place where paths meet
  std::vector<std::optional<State>> leaders;     // their states
  Analysis analysis;

  [[nodiscard]] bool contains(std::uint64_t address) const {
    return address >= function->start && address < function->end && address % 4 == 0;
  }
  [[nodiscard]] std::size_t index_of(std::uint64_t address) const {
    return static_cast<std::size_t>((address - function->start) / 4);
  }
  [[nodiscard]] std::uint64_t address_of(std::size_t index) const { return function->start + index * 4; }
};

class GroupAnalysis {
 public:
  GroupAnalysis(const Image& image, const NoreturnFunctions& noreturn, const LandingPads& landing_pads,
                const Decoder& decoder)
      : image_(image), noreturn_(noreturn), landing_pads_(landing_pads), decoder_(decoder) {}

  void add(const Function& function, bool is_entry) {
    Body body{.function = &function, .code = {}, .is_leader = {}, .leaders = {}, .analysis = {}};
    const std::size_t count = function.instruction_count();
    body.code.resize(count);
    body.is_leader.resize(count);
    body.leaders.resize(count);
    body.analysis.states.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t pc = body.address_of(i);
      if (const std::optional<std::uint32_t> word = image_.instruction_at(pc))
        body.code[i] = decoder_.decode(*word, pc);
    }
    max_steps_ += max_rounds * count;
    bodies_.push_back(std::move(body));
    if (is_entry) entries_.push_back(function.start);
  }

  std::vector<Analysis> run() {
    find_leaders();
    for (const std::uint64_t entry : entries_) reach(entry, State::at_entry());
    while (!work_.empty() && steps_ <= max_steps_) {
      const std::uint64_t at = work_.back();
      work_.pop_back();
      follow(at);
    }
    std::vector<Analysis> results;
    for (Body& body : bodies_) {
      record(body);
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
        const Flow::Kind kind = instruction->flow.kind;
        if (kind == Flow::Kind::jump || kind == Flow::Kind::branch) mark(instruction->flow.target);
      }
    }
    for (const LandingPad& landing : landing_pads_in_group()) mark(landing.pad);
  }

  std::vector<LandingPad> landing_pads_in_group() {
    std::vector<LandingPad> found;
    for (const Body& body : bodies_) {
      auto at = std::ranges::lower_bound(landing_pads_, body.function->start, {}, &LandingPad::end);
      for (; at != landing_pads_.end() && at->start < body.function->end; ++at) found.push_back(*at);
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

  void follow(std::uint64_t start) {
    Body& body = *find(start);
    std::size_t index = body.index_of(start);
    State state = *body.leaders[index];
    do {
      if (!body.code[index]) return;
      if (++steps_ > max_steps_) return;
      const Instruction& instruction = *body.code[index];
      leave(body, index, instruction, state);
      if (!goes_on(instruction)) return;
      apply(instruction, body.address_of(index), state, tables_);
      if (instruction.flow.kind == Flow::Kind::branch) apply_condition(instruction, false, state);
      ++index;
    } while (index < body.code.size() && !body.is_leader[index]);
    if (index < body.code.size()) reach(body.address_of(index), state);
  }

  [[nodiscard]] bool goes_on(const Instruction& instruction) const {
    if (instruction.flow.kind == Flow::Kind::call && noreturn_.contains(instruction.flow.target)) return false;
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
        return;
      }
      case Flow::Kind::call:
      case Flow::Kind::indirect_call:
        if (const std::uint64_t pad = pad_of(landing_pads_, body.address_of(index))) {
          State thrown = before;
          apply(instruction, body.address_of(index), thrown, tables_);
          reach(pad, thrown);
        }
        return;
      case Flow::Kind::indirect_jump: return follow_table(before.x[instruction.flow.target_register], before);
      default: return;
    }
  }

  void follow_table(const Value& target, const State& before) {
    if (!target.is(Value::Kind::code_target)) return;
    const JumpTable table = tables_[target.number];
    const bool is_bounded = table.last_index >= 0;
    const std::int64_t last = is_bounded ? std::min(table.last_index, max_table_entries) : max_table_entries;
    for (std::int64_t i = 0; i <= last; ++i) {
      const std::optional<std::uint64_t> address = target_of(table, i, image_);
      const bool is_code = address && find(*address) != nullptr;
      if (!is_code && !is_bounded) return;  // the end of a table of unknown size, at the latest
      if (is_code) reach(*address, before);
    }
  }

  void remark(Body& body, std::size_t index, std::string text) {
    body.analysis.remarks.push_back({body.address_of(index), std::move(text)});
  }

  // Goes once through the finished states.
  void record(Body& body) {
    Analysis& analysis = body.analysis;
    std::optional<State> state;
    bool is_contradiction = false;
    for (std::size_t index = 0; index < body.code.size(); ++index) {
      if (body.is_leader[index]) state = body.leaders[index];
      const std::optional<Instruction>& instruction = body.code[index];
      if (!instruction) state.reset();
      if (!state) continue;
      analysis.states[index] = state;
      note(body, index, *instruction, *state);
      const Flow::Kind kind = instruction->flow.kind;
      const bool is_jump = kind == Flow::Kind::jump || kind == Flow::Kind::branch;
      if (is_jump) note_way_out(body, instruction->flow.target, *state);
      is_contradiction |= returns_elsewhere(body, index, *instruction, *state);
      // Where there is CFI, that says how the function is entered.
      is_contradiction |= is_above_cfa(*state) && !body.function->has_cfi;
      if (goes_on(*instruction)) {
        apply(*instruction, body.address_of(index), *state, tables_);
        if (instruction->flow.kind == Flow::Kind::branch) apply_condition(*instruction, false, *state);
        const bool is_end_in_call = instruction->flow.is_call() && (body.function->has_size || body.function->has_cfi);
        const bool is_last = index + 1 == body.code.size();
        if (is_last && !is_end_in_call && !instruction->flow.is_trap) note_way_out(body, body.function->end, *state);
      } else {
        state.reset();
      }
    }
    const bool has_code = !body.code.empty() && body.code.back().has_value();
    analysis.ends_in_call = has_code && body.code.back()->flow.is_call();
    // States that are not finished say more than is true.
    const bool is_finished = steps_ <= max_steps_;
    if (!is_finished) remark(body, 0, "too intricate to be followed to the end");
    if (is_contradiction || !is_finished) std::ranges::fill(analysis.states, std::nullopt);
  }

  void note_way_out(Body& body, std::uint64_t target, const State& state) {
    if (find(target) == nullptr && !is_like_entry(state)) body.analysis.entered_otherwise.push_back(target);
  }

  void note(Body& body, std::size_t index, const Instruction& instruction, const State& state) {
    if (instruction.flow.is_call()) {
      ++body.analysis.calls;
      if (state.x[fp_number].is(Value::Kind::entry_fp)) {
        body.analysis.calls_without_record.push_back(body.address_of(index));
      } else if (!is_record(state)) {
        body.analysis.calls_with_wrong_record.push_back(body.address_of(index));
      }
    }
    if (instruction.flow.kind == Flow::Kind::indirect_jump) {
      const Value& target = state.x[instruction.flow.target_register];
      const bool has_frame = !state.sp().is(Value::Kind::cfa) || state.sp().number != 0;
      if (has_frame && !target.is(Value::Kind::code_target)) {
        remark(body, index, fmt::format("x{} is not followed", instruction.flow.target_register));
      }
    }
  }

  // A return with a frame still in place, or to something else than the caller: this is not what it was taken for.
  bool returns_elsewhere(Body& body, std::size_t index, const Instruction& instruction, const State& state) {
    if (instruction.flow.kind != Flow::Kind::function_return) return false;
    const Value& lr = state.x[instruction.flow.target_register];
    const bool is_wrong_sp = state.sp().is(Value::Kind::cfa) && state.sp().number != 0;
    const bool is_wrong_lr = !lr.is(Value::Kind::entry_lr) && lr.is_worth_keeping();
    if (is_wrong_sp) remark(body, index, fmt::format("returns with sp at the CFA{:+}", state.sp().number));
    if (is_wrong_lr) remark(body, index, "returns to something else than its caller");
    return is_wrong_sp || is_wrong_lr;
  }

  const Image& image_;
  const NoreturnFunctions& noreturn_;
  const LandingPads& landing_pads_;
  const Decoder& decoder_;
  std::vector<Body> bodies_;
  std::vector<std::uint64_t> entries_;
  std::vector<std::uint64_t> work_;
  std::size_t steps_ = 0;
  std::size_t max_steps_ = 0;
  JumpTables tables_;
};

}  // namespace

Analyzer::Analyzer(const Image& image, const NoreturnFunctions& noreturn, const LandingPads& landing_pads)
    : image_(image), noreturn_(noreturn), landing_pads_(landing_pads) {
  const std::vector<Function> veneers = find_veneers(image);
  std::ranges::merge(image.functions(), veneers, std::back_inserter(functions_), {}, &Function::start,
                     &Function::start);
  Grouping grouping = group_functions(image, functions_, landing_pads);
  groups_ = std::move(grouping.groups);
  is_entry_ = std::move(grouping.is_entry);
  for (const Group& group : groups_) {
    for (const Analysis& analysis : follow(group)) {
      entered_otherwise_.insert(analysis.entered_otherwise.begin(), analysis.entered_otherwise.end());
    }
  }
}

std::vector<Analysis> Analyzer::analyze(const Group& group) const {
  std::vector<Analysis> results = follow(group);
  const auto is_entered_otherwise = [&](std::size_t index) {
    return entered_otherwise_.contains(functions_[index].start);
  };
  if (std::ranges::none_of(group, is_entered_otherwise)) return results;
  // What was derived from its start on is right for those that call it only, and so is what follows in the group.
  for (std::size_t i = 0; i < group.size(); ++i) {
    std::ranges::fill(results[i].states, std::nullopt);
    results[i].remarks.push_back({functions_[group[i]].start, "entered with a frame in place"});
  }
  return results;
}

std::vector<Analysis> Analyzer::follow(const Group& group) const {
  GroupAnalysis analysis(image_, noreturn_, landing_pads_, decoder_);
  for (const std::size_t index : group) analysis.add(functions_[index], is_entry_[index]);
  return analysis.run();
}

}  // namespace surefoot::tools
