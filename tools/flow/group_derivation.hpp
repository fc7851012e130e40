// SPDX-License-Identifier: MIT
//
// One group of functions while its paths are followed: group_derivation.cpp goes along them, unseen.cpp looks where
// none leads, notes.cpp says what was found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flow/body.hpp"
#include "flow/group.hpp"
#include "flow/jump_table.hpp"
#include "flow/transfer.hpp"
#include "flow/trial.hpp"

namespace surefoot::tools {

class GroupDerivation {
 public:
  explicit GroupDerivation(const Surroundings& surroundings) : surroundings_(surroundings) {}

  void add(const Member& member);
  /// What matters to other groups, from the paths alone: all but the states and the remarks about them.
  std::vector<FunctionStates> run_for_others();
  std::vector<FunctionStates> run();

 private:
  // Along the paths.
  Body* find(std::uint64_t address);
  void follow_paths();
  void find_leaders();
  std::vector<LandingPad> landing_pads_in_group();
  void mark(std::uint64_t address);
  void reach(std::uint64_t address, const State& state);
  void split(Body& body, std::size_t index);
  State state_before(const Body& body, std::size_t index);
  void settle();
  void follow_path(std::uint64_t start);
  [[nodiscard]] bool goes_on(const Instruction& instruction) const;
  void leave(Body& body, std::size_t index, const Instruction& instruction, const State& before);
  void leave_as_declared(std::uint64_t address, const State& before);
  void take_alternative(const DeclaredWays::Alternative& alternative, State state);
  [[nodiscard]] bool comes_back(const State& state);
  void come_back(const Body& body, std::size_t index, const State& before);
  std::vector<std::uint64_t> targets_of(const Value& target);
  std::vector<std::uint64_t> branches_at(std::uint64_t start);
  void step(const Instruction& instruction, std::uint64_t pc, State& state);
  void apply_effect(std::uint64_t function, State& state) const;
  [[nodiscard]] bool is_unfollowed(const Instruction& instruction, const State& state);

  // Where no path leads.
  void join_all_unfollowed();
  std::vector<State> find_unfollowed();
  bool join_unfollowed(const std::vector<State>& unfollowed);
  void try_unseen(Body& body);
  static std::vector<std::uint64_t> find_filling(const Body& body);
  std::vector<State> find_frames();
  std::optional<State> find_by_trial(Body& body, std::size_t index);
  static void forget_what_is_saved(State& state);
  bool is_tried(std::uint64_t address, const State& state, const Testimony* testimony);
  void judge(const Body& body, std::size_t index, const Instruction& instruction, const State& state);
  [[nodiscard]] bool has_steps() const;
  bool take_step();
  std::optional<State> find_state_behind(const Body& body, std::size_t index);

  // What is said of the code.
  void remark(Body& body, std::size_t index, std::string text);
  void note(Body& body);
  void note_end(Body& body, const Instruction& last, const State& before);
  void record(Body& body);
  void note_ways_out(Body& body, const Instruction& instruction, const State& state);
  void note_way_out(Body& body, std::uint64_t target, const State& state);
  [[nodiscard]] bool is_part(std::uint64_t target) const;
  static bool is_moved(const State& state);
  void note_end_of_group(const State& state);
  void note_foreign_sp();
  void note(Body& body, std::size_t index, const Instruction& instruction, const State& state);
  bool returns_elsewhere(Body& body, std::size_t index, const Instruction& instruction, const State& state);

  static void enter(const State* leader, std::optional<State>& state) {
    if (leader == nullptr) return state.reset();
    state = *leader;
  }

  // Calls visit(index, instruction, state before it) for all that is reached.
  template <typename Visitor>
  void walk(Body& body, Visitor visit) {
    steps_ += body.code.size();
    std::optional<State> state;
    for (std::size_t index = 0; index < body.code.size(); ++index) {
      if (body.is_leader[index]) enter(body.leaders[index].get(), state);
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

  const Surroundings& surroundings_;
  std::vector<Body> bodies_;
  std::vector<std::uint64_t> entries_;
  std::vector<std::uint64_t> work_;
  bool is_called_ = true;  // each entry is the target of a call
  bool has_end_ = false;
  bool has_return_ = false;           // one of them is a return
  bool has_end_with_sp_ = false;      // ... at which sp is known from the function's own
  bool takes_foreign_sp_ = false;     // an instruction gives sp a value that is not of this frame
  std::optional<CallEffect> effect_;  // at all ends so far
  std::size_t steps_ = 0;
  std::size_t trial_steps_ = 0;
  std::size_t max_steps_ = 0;  // of each
  Trial* trial_ = nullptr;
  std::optional<std::vector<State>> frames_;  // what find_frames() has found before the first trial
  JumpTables tables_;
};

}  // namespace surefoot::tools
