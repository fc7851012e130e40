// SPDX-License-Identifier: MIT
//
// Live patching against a model: tasks that call, tail-call and return at random, in steps as small as the
// trampoline's, while patches come and go. No chain may hold two versions of one patch, nor arguments of another
// version.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "livepatch/scene.hpp"

namespace surefoot::livepatch {
namespace {

using testing::call_in;
using testing::code_of;
using testing::Function;
using testing::helper;
using testing::in_special;
using testing::inner;
using testing::interrupted_at;
using testing::most_patches;
using testing::outer;
using testing::OwnPatch;
using testing::OwnTrace;
using testing::returns_to;
using testing::World;

// A rule that is broken by hand, to see that the model notices.
enum class Broken : std::uint8_t { nothing, entry, reliability };

constexpr std::uint32_t no_argument = ~0U;

// A call: at the entry, in the tracers (one after the other), chosen and still in the trampoline, or in its body.
struct Call {
  enum Phase : std::uint8_t { at_entry, in_tracers, chosen, in_body };

  Function function = helper;
  Phase phase = at_entry;
  std::uint32_t tracer = 0;              ///< the next one that is called
  std::uint32_t level = 0;               ///< what the last tracer saw
  std::uint32_t version = 0;             ///< the code that was chosen
  std::uint32_t argument = no_argument;  ///< the level of the caller that encoded it
};

class Model {
 public:
  Model(std::uint64_t seed, Broken broken) : random_(seed), broken_(broken) {}

  void run(std::size_t steps) {
    for (std::size_t i = 0; i != steps && !is_mixed; ++i) {
      step_task(random_() % world_.tasks.size());
      if (is_once_in(6)) step_controller();
      ASSERT_FALSE(::testing::Test::HasFatalFailure());
    }
  }

  bool is_mixed = false;
  std::size_t finished = 0;
  std::size_t reversed = 0;
  std::array<std::size_t, outcome_count> outcomes{};

 private:
  using Chain = std::vector<Call>;  // the outermost call first

  [[nodiscard]] bool is_once_in(unsigned times) { return random_() % times == 0; }

  void step_task(std::size_t index) {
    Chain& chain = chains_[index];
    TaskState& state = world_.tasks[index];
    if (chain.empty()) {
      if (is_once_in(3)) return world_.patches.cross_boundary(state);
      return chain.push_back({.function = static_cast<Function>(random_() % 3)});
    }
    Call& call = chain.back();
    switch (call.phase) {
      case Call::at_entry: call.phase = call.function == helper ? Call::in_body : Call::in_tracers; return;
      case Call::in_tracers: return step_tracers(call, state);
      case Call::chosen: call.phase = Call::in_body; return check(chain);
      case Call::in_body: return step_body(chain);
    }
  }

  // The tracers are those of the patches in the stack, each of which reads the state.
  void step_tracers(Call& call, const TaskState& state) {
    if (call.tracer >= world_.patches.applied().size()) {
      call.phase = Call::chosen;
      return;
    }
    const Patch& patch = *world_.patches.applied()[call.tracer++];
    call.level = state.level();
    if (call.level >= patch.position() && patch.find(code_of(call.function).start()) != nullptr) {
      call.version = patch.position();
    }
  }

  void step_body(Chain& chain) {
    const Call call = chain.back();
    const bool is_end = is_once_in(2) || chain.size() > 6;
    if (is_end) chain.pop_back();
    if (is_end && !is_once_in(3)) return;
    // A call, or a tail call if the caller has gone. Outer and inner agree on how an argument is encoded.
    const std::uint32_t argument = call.function == helper ? no_argument : call.level;
    chain.push_back({.function = static_cast<Function>(random_() % 3), .argument = argument});
  }

  // All patches replace both functions: a chain has one level.
  void check(const Chain& chain) {
    std::uint32_t level = no_argument;
    for (const Call& call : chain) {
      if (call.function == helper || call.phase != Call::in_body) continue;
      for (const std::uint32_t used : {call.level, call.argument}) {
        if (used == no_argument) continue;
        is_mixed = is_mixed || (level != no_argument && level != used);
        level = used;
      }
    }
  }

  [[nodiscard]] std::vector<Frame> frames_of(const Chain& chain) {
    std::vector<Frame> frames;
    for (std::size_t i = chain.size(); i != 0; --i) {
      const Call& call = chain[i - 1];
      if (call.phase != Call::in_body && broken_ == Broken::entry) continue;
      const std::uint64_t entry = code_of(call.function).start();
      switch (call.phase) {
        case Call::at_entry: frames.push_back(interrupted_at(entry + 4 * (random_() % 2))); break;
        case Call::in_tracers:
        case Call::chosen:
          frames.push_back(in_special(is_once_in(2) ? SpecialKind::ftrace_call : SpecialKind::ftrace_trampoline));
          frames.push_back(call.version == 0 ? returns_to(entry + 12)
                                             : returns_to(code_of(call.function, call.version).start() + 4));
          break;
        case Call::in_body: frames.push_back(call_in(call.function, call.version)); break;
      }
    }
    return frames;
  }

  Finding look_at(std::size_t index) {
    std::vector<Frame> frames = frames_of(chains_[index]);
    TaskState& state = world_.tasks[index];
    if (is_once_in(8)) {
      // Frames are missing, and the walk says that they may be.
      if (!frames.empty()) frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(random_() % frames.size()));
      const OwnTrace trace(std::move(frames));
      return world_.patches.switch_task(state, broken_ == Broken::reliability ? trace.reliable() : trace.unreliable());
    }
    if (is_once_in(12)) return world_.patches.switch_task(state, OwnTrace{}.unreliable(StopReason::task_running));
    return world_.patches.switch_task(state, OwnTrace(std::move(frames)).reliable());
  }

  void step_controller() {
    Patches& patches = world_.patches;
    if (patches.in_transition() == nullptr) {
      const std::size_t applied = patches.applied().size();
      if (applied != 0 && (applied == most_patches || is_once_in(2))) {
        ASSERT_TRUE(patches.begin_removal(*patches.applied().back()));
      } else {
        world_.begin(patches_[applied].patch());
      }
      return;
    }
    if (is_once_in(8)) {
      ++reversed;
      ASSERT_TRUE(patches.reverse());
      return;
    }
    Round round = patches.begin_round();
    for (std::size_t i = 0; i != chains_.size(); ++i) {
      const Finding found = look_at(i);
      ++outcomes[static_cast<std::size_t>(found.outcome)];
      round.add(found, i);
    }
    if (patches.finish(round)) ++finished;
  }

  std::mt19937_64 random_;
  Broken broken_;
  World world_;
  std::array<OwnPatch, most_patches> patches_{{{1, {outer, inner}}, {2, {outer, inner}}, {3, {outer, inner}}}};
  std::array<Chain, 4> chains_{};
};

constexpr std::uint64_t seed_count = 60;
constexpr std::size_t step_count = 4000;

TEST(LivepatchModel, NoChainHoldsTwoVersions) {
  std::size_t finished = 0;
  std::size_t reversed = 0;
  std::array<std::size_t, outcome_count> outcomes{};
  for (std::uint64_t seed = 1; seed <= seed_count; ++seed) {
    Model model(seed, Broken::nothing);
    model.run(step_count);
    ASSERT_FALSE(model.is_mixed) << "seed " << seed;
    finished += model.finished;
    reversed += model.reversed;
    for (std::size_t i = 0; i != outcomes.size(); ++i) outcomes[i] += model.outcomes[i];
  }
  // The model has seen what it is for.
  EXPECT_GT(finished, 4 * seed_count);
  EXPECT_GT(reversed, 10 * seed_count);
  for (const Outcome outcome : {Outcome::up_to_date, Outcome::switched, Outcome::running, Outcome::unreliable,
                                Outcome::in_function, Outcome::entering}) {
    EXPECT_GT(outcomes[static_cast<std::size_t>(outcome)], 0U) << to_string(outcome);
  }
  EXPECT_EQ(outcomes[static_cast<std::size_t>(Outcome::stale)], 0U);
}

class LivepatchModelBroken : public ::testing::TestWithParam<Broken> {};

TEST_P(LivepatchModelBroken, IsNoticed) {
  std::uint64_t mixed = 0;
  for (std::uint64_t seed = 1; seed <= seed_count; ++seed) {
    Model model(seed, GetParam());
    model.run(step_count);
    mixed += model.is_mixed ? 1U : 0U;
  }
  EXPECT_GT(mixed, 0U);
}
INSTANTIATE_TEST_SUITE_P(Rules, LivepatchModelBroken, ::testing::Values(Broken::entry, Broken::reliability));

}  // namespace
}  // namespace surefoot::livepatch
