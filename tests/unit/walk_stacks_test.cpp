// SPDX-License-Identifier: MIT
//
// Chains that cross stacks, and stacks that cannot be used (hazards T9 to T11, T16).
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

constexpr Evidence changed = EvidenceBit::changed_stack;

class WalkStacks : public Scene {
 protected:
  [[nodiscard]] Walked walk_from_irq(std::uint64_t pc, const Ref& fp) {
    return walk(Start::at_call({.fp = address(fp), .sp = irq.base(), .pc = pc}));
  }
};

TEST_F(WalkStacks, T9_StopsAtAFramePointerIntoAStackThatIsNotTheTasks) {
  constexpr std::uint64_t elsewhere = 0x5000'0000;  // another task's, or a freed one: the context does not name it
  memory.add_stack(elsewhere, StackKind::task).record("foreign", "final", ret(2));
  task.record("a", "foreign", ret(1)).final_record();
  const std::vector<Stack> own{{.range = AddressRange(task.base(), task.end())}};
  context.stacks = own;
  expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                    {.stop = StopReason::off_stack, .stop_at = elsewhere, .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkStacks, T9_StopsAtAFramePointerIntoNoStackAtAll) {
  task.record("a", 0x1'2345'6780, ret(1)).final_record();
  expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                    {.stop = StopReason::off_stack, .stop_at = 0x1'2345'6780, .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkStacks, T9_FindsNothingWithoutStacks) {
  expect(unreliable({from_start(ret(0))}, {.stop = StopReason::off_stack, .stop_at = 0x7000'0010, .first_doubtful = 1}),
         walk_from(ret(0), 0x7000'0010));
}

TEST_F(WalkStacks, T10_FollowsTaskFromIrqFromOverflow) {
  overflow.record("a", "b", ret(1)).record("b", "c", ret(2));
  irq.junk(2).record("c", "d", ret(3));
  task.junk(4).record("d", "final", ret(4)).final_record();
  const Start start = Start::at_call({.fp = address("a"), .sp = overflow.base(), .pc = ret(0)});
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2)), from_record(ret(3), changed),
                   from_record(ret(4), changed)},
                  address("final")),
         walk(start));
}

TEST_F(WalkStacks, T10_FollowsTheStacksInAnyOrder) {
  irq.record("a", "b", ret(1));
  overflow.record("b", "c", ret(2));
  task.record("c", "final", ret(3)).final_record();
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2), changed), from_record(ret(3), changed)},
                  address("final")),
         walk_from_irq(ret(0), "a"));
}

TEST_F(WalkStacks, T11_DoesNotGoBackToAStackThatItHasLeft) {
  task.record("a", "b", ret(1)).junk(2).record("c", "final", ret(3)).final_record();
  irq.record("b", "c", ret(2));
  expect(unreliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2), changed)},
                    {.stop = StopReason::stack_reentered, .stop_at = address("c"), .first_doubtful = 3}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkStacks, T11_CountsTheStackOfTheFirstSpAsEntered) {
  irq.record("a", "b", ret(1));
  task.junk(2).record("b", "final", ret(2)).final_record();
  const Start start = Start::at_call({.fp = address("a"), .sp = task.base(), .pc = ret(0)});
  expect(unreliable({from_start(ret(0)), from_record(ret(1), changed)},
                    {.stop = StopReason::stack_reentered, .stop_at = address("b"), .first_doubtful = 2}),
         walk(start));
}

TEST_F(WalkStacks, T16_TrustsACallThatWasMadeOnTheIrqStack) {
  irq.junk(1).record("a", "b", ret(1)).junk(1);
  task.junk(6).record("b", "final", ret(2)).final_record();
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2), changed)}, address("final")),
         walk_from_irq(ret(0), "a"));
}

TEST_F(WalkStacks, T16_TrustsAChainWhoseFinalRecordAloneIsOnAnotherStack) {
  irq.record("a", "final", ret(1));
  task.junk(2).final_record();
  Walked expected = reliable({from_start(ret(0)), from_record(ret(1))}, address("final"));
  expected.verdict.evidence |= changed;
  expect(expected, walk_from_irq(ret(0), "a"));
}

TEST_F(WalkStacks, IgnoresAStartingSpThatIsOnNoStack) {
  task.record("a", "final", ret(1)).final_record();
  const Start start = Start::at_call({.fp = address("a"), .sp = brand(31), .pc = ret(0)});
  expect(reliable({from_start(ret(0)), from_record(ret(1))}, address("final")), walk(start));
}

}  // namespace
}  // namespace surefoot::testing
