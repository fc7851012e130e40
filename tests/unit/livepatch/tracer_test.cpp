// SPDX-License-Identifier: MIT
//
// F2: what the tracer of a patch does to a call, by the state of the task that makes it.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <utility>

#include "ftrace/tracer_list.hpp"
#include "livepatch/scene.hpp"

namespace surefoot::livepatch {
namespace {

using testing::code_of;
using testing::current_task;
using testing::outer;
using testing::OwnPatch;
using testing::OwnTrace;
using testing::World;

// The words of a function with its patch site, in this program, and a patch that replaces it.
class Patched {
 public:
  explicit Patched(std::uint32_t version) : own_(version, {outer}) {}
  void replace(const Patched& of) { own_.replacements()[0].old_code = {of.entry(), of.entry() + sizeof of.words_}; }
  [[nodiscard]] std::uint64_t entry() const { return frame().function(); }
  [[nodiscard]] ftrace::FtraceFrame frame() const {
    ftrace::FtraceFrame frame{};
    frame.site_and_flags = reinterpret_cast<std::uintptr_t>(words_.data() + 3);
    frame.pc = frame.site_and_flags;
    frame.function_record.lr = frame.pc;
    return frame;
  }
  [[nodiscard]] Patch& patch() { return own_.patch(); }

 private:
  alignas(8) std::array<std::uint32_t, 16> words_{};
  OwnPatch own_;
};

class LivepatchTracer : public ::testing::Test {
 protected:
  LivepatchTracer() {
    first.replace(first);
    second.replace(first);
  }
  ~LivepatchTracer() override { current_task = nullptr; }

  // Where a call of the function leads a task with this state.
  std::uint64_t target(TaskState* state) {
    current_task = state;
    ftrace::FtraceFrame frame = first.frame();
    tracers.call(frame);
    if (frame.pc != first.frame().pc) {
      EXPECT_EQ(frame.function_record.lr, frame.pc + 4) << "the record says what the pc does";
    } else {
      EXPECT_EQ(frame.function_record.lr, first.frame().pc);
    }
    return frame.pc;
  }
  void enable(Patched& patched) {
    ASSERT_TRUE(world.patches.prepare(patched.patch()));
    tracers.append(patched.patch());
    ASSERT_TRUE(world.patches.begin(patched.patch()));
  }
  void complete() { world.complete(OwnTrace{}.reliable()); }

  World world;
  Patched first{1};
  Patched second{2};
  ftrace::detail::TracerList tracers;
  TaskState& task = world.tasks[0];
};

TEST_F(LivepatchTracer, F2_RedirectsByTheTasksState) {
  const std::uint64_t old = first.frame().pc;
  EXPECT_EQ(target(&task), old);
  enable(first);
  EXPECT_EQ(target(&task), old);
  EXPECT_EQ(target(nullptr), old);
  EXPECT_EQ(world.patches.switch_task(task, OwnTrace{}.reliable()).outcome, Outcome::switched);
  EXPECT_EQ(target(&task), code_of(outer, 1).start());
  EXPECT_EQ(target(&world.tasks[1]), old);
  EXPECT_EQ(target(nullptr), old);
}

TEST_F(LivepatchTracer, LetsTheNewestPatchInUseDecide) {
  enable(first);
  complete();
  enable(second);
  EXPECT_EQ(target(&task), code_of(outer, 1).start());
  world.patches.cross_boundary(task);
  EXPECT_EQ(target(&task), code_of(outer, 2).start());
  complete();
  ASSERT_TRUE(world.patches.begin_removal(second.patch()));
  complete();
  EXPECT_EQ(target(&task), code_of(outer, 1).start());
}

// Its tracer is still called, and the level that was its own is that of the next one.
TEST_F(LivepatchTracer, OfAPatchThatIsOutOfTheStackDoesNothing) {
  enable(first);
  complete();
  ASSERT_TRUE(world.patches.begin_removal(first.patch()));
  complete();
  enable(second);
  complete();
  EXPECT_EQ(task.level(), 1U);
  EXPECT_EQ(target(&task), code_of(outer, 2).start());
  ASSERT_TRUE(world.patches.begin_removal(second.patch()));
  complete();
  EXPECT_EQ(target(&task), first.frame().pc);
}

TEST_F(LivepatchTracer, IsAskedForTheFunctionsOfThePatchOnly) {
  enable(first);
  ASSERT_EQ(first.patch().filter().size(), 1U);
  EXPECT_EQ(first.patch().filter()[0], first.entry());
  EXPECT_EQ(first.patch().find(first.entry()), first.patch().replacements().data());
  EXPECT_EQ(first.patch().find(second.entry()), nullptr);
}

}  // namespace
}  // namespace surefoot::livepatch
