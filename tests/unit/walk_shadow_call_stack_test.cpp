// SPDX-License-Identifier: MIT
//
// The witness of a shadow call stack (hazards T19, C7, M7): each return address that compiled code pushed is there.
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

constexpr Evidence disagrees = EvidenceBit::shadow_call_stack_disagrees;

class ShadowCallStackScene : public Scene {
 protected:
  ShadowCallStackScene() : shadow(memory.add_stack(0x6800'0000, StackKind::other)) {
    context.witnesses.shadow_call_stack = true;
  }
  void use_shadow() {
    const std::vector<Stack> declared = memory.stacks();
    stacks_.clear();
    for (const Stack& stack : declared) {
      if (stack.kind != StackKind::other) stacks_.push_back(stack);
    }
    context.stacks = stacks_;
    context.shadow_call_stack = AddressRange(shadow.base(), shadow.end());
  }
  void expect_doubt(std::size_t first, const Walked& walked) {
    EXPECT_TRUE(walked.verdict.evidence.has(disagrees)) << text(walked);
    EXPECT_EQ(walked.verdict.first_doubtful, first) << text(walked);
    EXPECT_FALSE(walked.verdict.is_reliable());
  }

  StackImage& shadow;

 private:
  std::vector<Stack> stacks_;
};

class WalkShadowCallStack : public ShadowCallStackScene {
 protected:
  WalkShadowCallStack() {
    task.record("a", "b", ret(1)).record("b", "c", ret(2)).record("c", "final", ret(3)).final_record();
    shadow.word(ret(3)).word(ret(2)).word(ret(1));
  }
  [[nodiscard]] Walked walk_here() {
    use_shadow();
    return walk_from(ret(0), "a");
  }
};

TEST_F(WalkShadowCallStack, M7_AgreesWithTheChain) {
  expect(
      reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2)), from_record(ret(3))}, address("final")),
      walk_here());
}

TEST_F(WalkShadowCallStack, C7_TellsAnOverwrittenReturnAddress) {
  task.set(3, ret(7));
  expect_doubt(2, walk_here());
}

TEST_F(WalkShadowCallStack, T19_TellsASkippedFrame) {
  task.set(0, "c");
  expect_doubt(2, walk_here());
}

// What is left over belongs to a function that is missing.
TEST_F(WalkShadowCallStack, T19_TellsAFrameThatIsMissingAtTheEnd) {
  task.set(0, "final");
  expect_doubt(1, walk_here());
}

TEST_F(WalkShadowCallStack, M7_MissesWhatIsNotThere) {
  context.shadow_call_stack = {};
  const std::vector<Stack> stacks{{.range = AddressRange(task.base(), task.end())}};
  context.stacks = stacks;
  expect_doubt(1, walk_from(ret(0), "a"));
}

TEST_F(WalkShadowCallStack, M7_IsSilentWhileItIsOff) {
  task.set(3, ret(7));
  context.witnesses.shadow_call_stack = false;
  EXPECT_TRUE(walk_here().verdict.is_reliable());
  for (const std::uint64_t at : log.addresses) EXPECT_TRUE(at < shadow.base() || at >= shadow.end());
}

TEST_F(WalkShadowCallStack, M7_ReadsNothingOfARangeThatIsNotOfWords) {
  use_shadow();
  context.shadow_call_stack = AddressRange(shadow.base() + 4, shadow.end() - 4);
  expect_doubt(1, walk_from(ret(0), "a"));
}

TEST_F(WalkShadowCallStack, T15_DoubtsWhatItCannotRead) {
  log.refused = {shadow.end() - 8};
  expect_doubt(1, walk_here());
}

TEST_F(WalkShadowCallStack, C8_StripsWhatWasPushed) {
  context.pac = PointerAuthMask::for_address_bits(48);
  shadow.set(2, ret(1) | 0x005a'0000'0000'0000);
  EXPECT_TRUE(walk_here().verdict.is_reliable());
}

// The prologue pushes what is in x30: behind the site that tracing has rewritten it at, that is the hook.
TEST_F(WalkShadowCallStack, G1_TakesAHookForTheAddressThatItStandsFor) {
  task.set(1, code::handler);
  push(ret(1), "b");
  EXPECT_TRUE(walk_here().verdict.is_reliable());
  shadow.set(2, code::handler);
  EXPECT_TRUE(walk_here().verdict.is_reliable());
  shadow.set(2, ret(9));
  expect_doubt(1, walk_here());
  shadow.set(2, code::probe);
  expect_doubt(1, walk_here());
}

// Assembly does not push: what it called has its address there, it has not.
TEST_F(WalkShadowCallStack, C2_ExpectsNothingOfSpecialCode) {
  task.set(1, code::other.start() + 8);
  shadow.set(1, code::other.start() + 8);
  shadow.set(2, 0);
  context.shadow_call_stack = {};
  use_shadow();
  context.shadow_call_stack = AddressRange(shadow.base(), shadow.base() + 16);
  const Walked walked = walk_from(ret(0), "a");
  EXPECT_FALSE(walked.frames.at(1).evidence.has(disagrees)) << text(walked);
  EXPECT_FALSE(walked.frames.at(2).evidence.has(disagrees)) << text(walked);
}

// A tracer is called in front of the traced function's first instruction, where that has pushed nothing.
class WalkShadowCallStackOfTracer : public ShadowCallStackScene {
 protected:
  WalkShadowCallStackOfTracer() {
    task.junk(2).record("tracer", "f", code::after_ftrace_call).junk(1);
    task.ftrace_frame("f", {.function_return = code::function(1) + 8, .parent_fp = "p", .parent_return = ret(2)});
    task.junk(1).record("p", "final", ret(3)).final_record();
  }
  [[nodiscard]] Walked walk_tracer() {
    use_shadow();
    return walk_from(ret(0), "tracer");
  }
};

TEST_F(WalkShadowCallStackOfTracer, F1_ExpectsNothingOfAFunctionAtItsEntry) {
  shadow.word(ret(3)).word(code::after_ftrace_call);
  const Walked walked = walk_tracer();
  EXPECT_EQ(walked.frames.size(), 5U);
  EXPECT_FALSE(walked.verdict.evidence.has(disagrees)) << text(walked);
}

TEST_F(WalkShadowCallStackOfTracer, F1_ExpectsItsCallersReturnAddress) {
  shadow.word(ret(4)).word(code::after_ftrace_call);
  const Walked walked = walk_tracer();
  ASSERT_EQ(walked.frames.size(), 5U);
  EXPECT_FALSE(walked.frames[3].evidence.has(disagrees)) << text(walked);
  EXPECT_TRUE(walked.frames[4].evidence.has(disagrees)) << text(walked);
}

}  // namespace
}  // namespace surefoot::testing
