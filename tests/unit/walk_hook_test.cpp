// SPDX-License-Identifier: MIT
//
// Return hooks other than function-graph tracing, and both at once (hazards K1 to K4).
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::handler;
using code::probe;
using code::ret;

class WalkHook : public Scene {
 protected:
  void know_only_the_handler() { context.special_ranges = only_handler_.make().value(); }
  void chain(std::uint64_t a, std::uint64_t b) {
    task.record("a", "b", a).record("b", "c", b).record("c", "final", ret(3)).final_record();
  }
  void expect_reliable(Frame a, Frame b) {
    expect(reliable({from_start(ret(0)), a, b, from_record(ret(3))}, address("final")), walk_from(ret(0), "a"));
  }
  void expect_unresolved(std::uint64_t hook, SpecialKind kind, Doubt doubt) {
    doubt.stop_at = address("final");
    expect(unreliable({from_start(ret(0)), unresolved(hook, kind), from_record(ret(2)), from_record(ret(3))}, doubt),
           walk_from(ret(0), "a"));
  }

 private:
  RangeTable only_handler_ = RangeTable(code::text_end).add(code::return_to_handler, SpecialKind::return_to_handler);
};

TEST_F(WalkHook, K1_RestoresAHookedReturn) {
  chain(ret(1), probe);
  push(ret(2), "c", probe);
  expect_reliable(from_record(ret(1)), from_return_stack(ret(2)));
}

TEST_F(WalkHook, K1_RestoresAHookedReturnWhoseHookIsInNoTable) {
  context.special_ranges = SpecialRanges::none();
  chain(ret(1), probe);
  push(ret(2), "c", probe);
  expect_reliable(from_record(ret(1)), from_return_stack(ret(2)));
}

// Which hooks are known changes with each entry that is used.
TEST_F(WalkHook, K1_RestoresHookedReturnsOfTwoHooksThatAreInNoTable) {
  context.special_ranges = SpecialRanges::none();
  task.record("a", "b", handler).record("b", "c", ret(2)).record("c", "d", probe).record("d", "final", ret(4));
  task.final_record();
  push(ret(3), "d", probe);
  push(ret(1), "b", handler);
  expect(reliable({from_start(ret(0)), from_return_stack(ret(1)), from_record(ret(2)), from_return_stack(ret(3)),
                   from_record(ret(4))},
                  address("final")),
         walk_from(ret(0), "a"));
}

// The table knows another hook, and this one is in the midst of the plain code that is walked through.
TEST_F(WalkHook, K1_RestoresAHookInPlainCodeBesideOneInTheTable) {
  constexpr std::uint64_t hook = code::function(9);
  know_only_the_handler();
  chain(ret(1), hook);
  push(ret(2), "c", hook);
  expect_reliable(from_record(ret(1)), from_return_stack(ret(2)));
}

TEST_F(WalkHook, K1_RestoresAHookInPlainCodeBehindOneInTheTable) {
  constexpr std::uint64_t hook = code::function(9);
  know_only_the_handler();
  task.record("a", "b", ret(1)).record("b", "c", handler).record("c", "d", hook).record("d", "final", ret(4));
  task.final_record();
  push(ret(3), "d", hook);
  push(ret(2), "c", handler);
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_return_stack(ret(2)), from_return_stack(ret(3)),
                   from_record(ret(4))},
                  address("final")),
         walk_from(ret(0), "a"));
}

// G3: nothing but the table knows the hook, and the code below it is plain up to there.
TEST_F(WalkHook, K2_DoubtsAHookThatFollowsPlainCode) {
  know_only_the_handler();
  chain(ret(1), handler);
  expect(unreliable({from_start(ret(0)), from_record(ret(1)), unresolved(handler), from_record(ret(3))},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkHook, K1_RestoresAHookedReturnBehindPlainFramesOnBothSidesOfItsHook) {
  constexpr std::uint64_t above = code::other.end() + 0x24;
  context.special_ranges = SpecialRanges::none();
  task.record("a", "b", ret(1)).record("b", "c", above).record("c", "d", probe).record("d", "final", ret(4));
  task.final_record();
  push(ret(3), "d", probe);
  expect(reliable({from_start(above), from_record(ret(1)), from_record(above), from_return_stack(ret(3)),
                   from_record(ret(4))},
                  address("final")),
         walk_from(above, "a"));
}

// The entry and the record agree, yet no code is where the function will return to.
TEST_F(WalkHook, G16_DoubtsAHookThatIsNoTextAndThatOnlyItsEntryNames) {
  context.special_ranges = SpecialRanges::none();
  for (const std::uint64_t hook : {std::uint64_t{1}, task.base(), code::text_end, probe + 2, ~std::uint64_t{3}}) {
    SCOPED_TRACE(::testing::Message() << "hook 0x" << std::hex << hook);
    Memory picture;
    StackImage& stack = picture.add_stack(0x7000'0000, StackKind::task);
    stack.record("a", "b", ret(1)).record("b", "c", hook).record("c", "final", ret(3)).final_record();
    push(ret(2), picture.resolve("c"), hook);
    const std::vector<Stack> stacks = picture.stacks();
    context.stacks = stacks;
    context.text = text_ranges;
    context.final_record_at = picture.resolve("final");
    expect(unreliable({from_start(ret(0)), from_record(ret(1)), from_return_stack(ret(2), EvidenceBit::not_text),
                       from_record(ret(3))},
                      {.stop_at = context.final_record_at, .first_doubtful = 2}),
           checked_walk(Start::at_call({.fp = stack.base(), .sp = stack.base(), .pc = ret(0)}), context, picture, log));
    return_stack.pop();
  }
}

TEST_F(WalkHook, G16_DoubtsAHookInTheTableThatIsNoText) {
  text_ranges = {AddressRange(code::text_start, handler)};  // it ends where the trampoline begins
  chain(handler, ret(2));
  push(ret(1), "b");
  expect(unreliable({from_start(ret(0)), from_return_stack(ret(1), EvidenceBit::not_text), from_record(ret(2)),
                     from_record(ret(3))},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkHook, G16_DoubtsTheHookThatAnotherHookTookAndThatIsNoText) {  // K4
  context.special_ranges = SpecialRanges::none();
  chain(probe, ret(2));
  push(ret(1), "b", 1);
  push(1, "b", probe);
  expect(unreliable({from_start(ret(0)), from_return_stack(ret(1), EvidenceBit::not_text), from_record(ret(2)),
                     from_record(ret(3))},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkHook, K2_DoubtsAHookedReturnWhoseOriginalIsNotFound) {
  chain(probe, ret(2));
  expect_unresolved(probe, SpecialKind::return_hook, {.first_doubtful = 1});
}

TEST_F(WalkHook, K2_DoubtsAHookedReturnWhoseOriginalIsZero) {
  chain(probe, ret(2));
  push(ret(1), "b", probe);
  return_storage[0].return_address = 0;
  expect_unresolved(probe, SpecialKind::return_hook, {.first_doubtful = 0, .also = EvidenceBit::return_entry_invalid});
}

TEST_F(WalkHook, K2_DoesNotTakeTheEntryOfAnotherMechanism) {
  chain(probe, ret(2));
  push(ret(1), "b", handler);
  expect_unresolved(probe, SpecialKind::return_hook,
                    {.first_doubtful = 0, .also = EvidenceBit::return_entry_left_over});
}

TEST_F(WalkHook, K3_RestoresTheTwoReturnsOfAFunctionThatRecursed) {
  chain(probe, probe);
  push(ret(2), "c", probe);
  push(ret(2), "b", probe);
  expect_reliable(from_return_stack(ret(2)), from_return_stack(ret(2)));
}

TEST_F(WalkHook, K3_RestoresNestedHooksOfDifferentKinds) {
  chain(probe, handler);
  push(ret(2), "c", handler);
  push(ret(1), "b", probe);
  expect_reliable(from_return_stack(ret(1)), from_return_stack(ret(2)));
}

TEST_F(WalkHook, K4_ResolvesAProbeThatTookATracedAddress) {
  chain(probe, ret(2));
  push(ret(1), "b", handler);
  push(handler, "b", probe);
  expect_reliable(from_return_stack(ret(1)), from_record(ret(2)));
}

TEST_F(WalkHook, K4_ResolvesATracerThatTookAProbedAddress) {
  chain(handler, ret(2));
  push(ret(1), "b", probe);
  push(probe, "b", handler);
  expect_reliable(from_return_stack(ret(1)), from_record(ret(2)));
}

TEST_F(WalkHook, K4_EndsWhenTwoMechanismsNameEachOther) {
  chain(handler, ret(2));
  push(handler, "b", probe);
  push(probe, "b", handler);
  const Walked walked = walk_from(ret(0), "a");
  EXPECT_FALSE(walked.verdict.is_reliable()) << text(walked);
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::return_address_unresolved)) << text(walked);
}

}  // namespace
}  // namespace surefoot::testing
