// SPDX-License-Identifier: MIT
//
// L5: a task that crosses a boundary while transitions begin, turn round and end. Every interleaving of its three
// accesses with what the holder of the kernel's lock does.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "livepatch/scene.hpp"

namespace surefoot::livepatch {
namespace {

using testing::call_in;
using testing::helper;
using testing::inner;
using testing::outer;
using testing::OwnPatch;
using testing::OwnTrace;
using testing::World;

// Patches::cross_boundary() in pieces.
class Crossing {
 public:
  static constexpr std::size_t step_count = 3;

  Crossing(const Patches& patches, TaskState& state) : patches_(patches), state_(state) {}
  void step(std::size_t index) {
    if (index == 0) before_ = state_.load();
    if (index == 1) now_ = patches_.target();
    if (index != 2 || before_ == now_) return;
    std::uint64_t expected = before_.word();
    // The state is one word.
    static_assert(sizeof(TaskState) == sizeof(std::uint64_t));
    __atomic_compare_exchange_n(reinterpret_cast<std::uint64_t*>(&state_), &expected, now_.word(), false,
                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  }

 private:
  const Patches& patches_;
  TaskState& state_;
  Version now_;
  Version before_;
};

enum Action : std::uint8_t { begin_first, begin_second, remove_second, reverse, round_of_all };
constexpr Action program[] = {begin_first, reverse,      reverse,      round_of_all, begin_second,
                              reverse,     round_of_all, begin_second, round_of_all, remove_second,
                              reverse,     reverse,      round_of_all};
constexpr std::size_t action_count = sizeof program / sizeof program[0];

class Interleaving {
 public:
  void act(std::size_t index) {
    Patches& patches = world_.patches;
    switch (program[index]) {
      case begin_first: return world_.begin(first_.patch());
      case begin_second: return world_.begin(second_.patch());
      case remove_second: ASSERT_TRUE(patches.begin_removal(second_.patch())); return;
      case reverse: ASSERT_TRUE(patches.reverse()); return;
      // The task is off the CPU between any two of its accesses.
      case round_of_all: world_.complete(OwnTrace{call_in(helper)}.reliable());
    }
    settled_ = patches.target().level();
  }
  void step(std::size_t index) { crossing_.step(index); }
  [[nodiscard]] bool is_right() const {
    return world_.patches.in_transition() != nullptr || world_.tasks[0].level() == settled_;
  }

 private:
  World world_;
  OwnPatch first_{1, {outer, inner}};
  OwnPatch second_{2, {outer, inner}};
  Crossing crossing_{world_.patches, world_.tasks[0]};
  std::uint32_t settled_ = 0;
};

TEST(LivepatchRace, L5_OfABoundaryWithTransitions) {
  std::size_t count = 0;
  // The steps come in front of the actions with these indices.
  for (std::size_t a = 0; a <= action_count; ++a) {
    for (std::size_t b = a; b <= action_count; ++b) {
      for (std::size_t c = b; c <= action_count; ++c) {
        const std::array<std::size_t, Crossing::step_count> places{a, b, c};
        Interleaving run;
        for (std::size_t at = 0; at <= action_count; ++at) {
          for (std::size_t step = 0; step != places.size(); ++step) {
            if (places[step] == at) run.step(step);
            ASSERT_TRUE(run.is_right()) << "steps before the actions " << a << ", " << b << ", " << c << ", at " << at;
          }
          if (at != action_count) run.act(at);
          ASSERT_FALSE(HasFatalFailure());
          ASSERT_TRUE(run.is_right()) << "steps before the actions " << a << ", " << b << ", " << c << ", at " << at;
        }
        ++count;
      }
    }
  }
  EXPECT_EQ(count, 560U);
}

TEST(LivepatchRace, TheStepsAreThoseOfTheBoundary) {
  World world;
  OwnPatch own(1, {outer});
  world.begin(own.patch());
  Crossing crossing(world.patches, world.tasks[0]);
  for (std::size_t step = 0; step != Crossing::step_count; ++step) crossing.step(step);
  world.patches.cross_boundary(world.tasks[1]);
  EXPECT_EQ(world.tasks[0].load(), world.tasks[1].load());
  EXPECT_EQ(world.tasks[0].load(), world.patches.target());
}

}  // namespace
}  // namespace surefoot::livepatch
