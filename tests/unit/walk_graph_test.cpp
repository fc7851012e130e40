// SPDX-License-Identifier: MIT
//
// Return addresses that tracing rewrote (hazards G1 to G9, G11 to G15), seen from outside.
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::handler;
using code::pc;
using code::ret;

using enum EvidenceBit;

class WalkGraph : public Scene {
 protected:
  // Records a to d on the task stack, each the caller's of the one before, with these return addresses.
  void chain(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
    task.junk(1)
        .record("a", "b", a)
        .junk(2)
        .record("b", "c", b)
        .record("c", "d", c)
        .record("d", "final", d)
        .final_record();
  }
  void expect_reliable(const std::vector<Frame>& frames) {
    expect(reliable(with_start(frames), address("final")), walk_from(ret(0), "a"));
  }
  void expect_doubt(const std::vector<Frame>& frames, std::size_t first_doubtful, Evidence also = {}) {
    expect(
        unreliable(with_start(frames), {.stop_at = address("final"), .first_doubtful = first_doubtful, .also = also}),
        walk_from(ret(0), "a"));
  }
  static std::vector<Frame> with_start(std::vector<Frame> frames) {
    frames.insert(frames.begin(), from_start(ret(0)));
    return frames;
  }
};

TEST_F(WalkGraph, G1_RestoresOneRewrittenAddress) {
  chain(ret(1), handler, ret(3), ret(4));
  push(ret(2), "c");
  expect_reliable({from_record(ret(1)), from_return_stack(ret(2)), from_record(ret(3)), from_record(ret(4))});
}

TEST_F(WalkGraph, G1_RestoresTwoRewrittenAddresses) {
  chain(handler, ret(2), handler, ret(4));
  push(ret(3), "d");
  push(ret(1), "b");
  expect_reliable({from_return_stack(ret(1)), from_record(ret(2)), from_return_stack(ret(3)), from_record(ret(4))});
}

TEST_F(WalkGraph, G1_RestoresEveryRewrittenAddress) {
  chain(handler, handler, handler, handler);
  push(ret(4), "final");
  push(ret(3), "d");
  push(ret(2), "c");
  push(ret(1), "b");
  expect_reliable(
      {from_return_stack(ret(1)), from_return_stack(ret(2)), from_return_stack(ret(3)), from_return_stack(ret(4))});
}

TEST_F(WalkGraph, G1_RestoresTheStartingPc) {
  chain(ret(1), ret(2), ret(3), ret(4));
  push(ret(9), "a");
  Frame start = from_return_stack(ret(9));
  expect(reliable({start, from_record(ret(1)), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))},
                  address("final")),
         walk_from(handler, "a"));
}

TEST_F(WalkGraph, G1_LooksUpTheRestoredAddressAndNotTheHook) {
  const std::uint64_t saved = code::other.start() + 8;
  chain(handler, ret(2), ret(3), ret(4));
  push(saved, "b");
  expect_doubt({from_return_stack(saved, in_special_range | special_code_without_rule, SpecialKind::other),
                from_record(ret(2)), from_record(ret(3)), from_record(ret(4))},
               1);
}

TEST_F(WalkGraph, G1_DoubtsARestoredAddressOutsideText) {
  chain(handler, ret(2), ret(3), ret(4));
  push(0x1000, "b");
  expect_doubt({from_return_stack(0x1000, not_text), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))}, 1);
}

TEST_F(WalkGraph, G2_DoubtsARewrittenAddressThatNoKeyFits) {
  chain(handler, ret(2), ret(3), ret(4));
  push(ret(1), Ref("b", 8));
  expect_doubt({unresolved(handler), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))}, 0,
               return_entry_left_over);
}

TEST_F(WalkGraph, G3_DoubtsARewrittenAddressOnAnEmptyReturnStack) {
  chain(ret(1), handler, ret(3), ret(4));
  expect_doubt({from_record(ret(1)), unresolved(handler), from_record(ret(3)), from_record(ret(4))}, 2);
}

TEST_F(WalkGraph, G3_DoubtsARewrittenAddressWithoutAReturnStack) {
  context.return_stack = nullptr;
  chain(ret(1), handler, ret(3), ret(4));
  expect_doubt({from_record(ret(1)), unresolved(handler), from_record(ret(3)), from_record(ret(4))}, 2);
}

TEST_F(WalkGraph, G4_DoubtsMoreRewrittenAddressesThanEntries) {
  chain(handler, handler, ret(3), ret(4));
  push(ret(1), "b");
  expect_doubt({from_return_stack(ret(1)), unresolved(handler), from_record(ret(3)), from_record(ret(4))}, 2);
}

TEST_F(WalkGraph, G5_DoubtsATraceThatLeavesEntriesUnused) {
  chain(ret(1), ret(2), ret(3), ret(4));
  push(ret(7), Ref("c", 8));
  expect_doubt({from_record(ret(1)), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))}, 0,
               return_entry_left_over);
}

TEST_F(WalkGraph, G5_DoubtsOnlyWhatComesAfterTheLastFrameThatWasMatched) {
  chain(ret(1), handler, ret(3), ret(4));
  push(ret(7), Ref("d", 8));
  push(ret(2), "c");
  expect_doubt({from_record(ret(1)), from_return_stack(ret(2)), from_record(ret(3)), from_record(ret(4))}, 3,
               return_entry_left_over);
}

// The record "b" of a traced function is passed over: its caller's record is taken for it.
TEST_F(WalkGraph, G5_DoubtsAChainThatSkipsATracedFunction) {
  task.record("a", "c", ret(1))
      .record("b", "c", handler)
      .record("c", "d", handler)
      .record("d", "final", ret(4))
      .final_record();
  push(ret(3), "d");
  push(ret(2), Ref("b", 0));
  expect_doubt({from_record(ret(1)), from_return_stack(ret(3), return_entry_skipped), from_record(ret(4))}, 0);
}

TEST_F(WalkGraph, G6_DoubtsEntriesThatAreMetOutOfOrder) {
  chain(handler, handler, ret(3), ret(4));
  push(ret(1), "b");
  push(ret(2), "c");
  expect_doubt({from_return_stack(ret(1), return_entry_skipped), from_return_stack(ret(2), return_entry_out_of_order),
                from_record(ret(3)), from_record(ret(4))},
               0);
}

// G7: the tracer has pushed its entry, and the trampoline's record still holds the address. The walk is made from the
// tracer, inside the trampoline.
TEST_F(WalkGraph, G7_CountsAnEntryWhoseAddressIsNotRewrittenYetAsInFlight) {
  task.record("t", "f", code::ftrace_graph_caller.start() + 4)
      .ftrace_frame("f", {.function_return = code::function(1) + 8, .parent_fp = "p", .parent_return = ret(2)})
      .record("p", "final", ret(3))
      .final_record();
  push(ret(2), "p");
  expect(unreliable(
             {from_start(ret(0)),
              from_record(code::ftrace_graph_caller.start() + 4, in_special_range, SpecialKind::ftrace_graph_caller),
              from_record(code::function(1) + 8), from_record(ret(2), return_entry_in_flight), from_record(ret(3))},
             {.stop_at = address("final"), .first_doubtful = 1}),
         walk_from(ret(0), "t"));
}

// Outside a trampoline there is no such moment. A traced function that recurses may look like it when its record is
// passed over: its inner call left the same return address.
TEST_F(WalkGraph, G7_DoubtsAnEntryInFlightOutsideATrampoline) {
  task.record("a", "c", ret(2)).record("b", "c", handler).record("c", "final", ret(3)).final_record();
  push(ret(2), "c");
  expect_doubt({from_record(ret(2)), from_record(ret(3))}, 0, return_entry_left_over);
}

TEST_F(WalkGraph, G8_ResolvesATracedFunctionThatTailCalledATracedFunction) {
  chain(handler, ret(2), ret(3), ret(4));
  push(ret(1), "b");   // the first function: returns to its caller
  push(handler, "b");  // the second: returns to where the first would
  expect_reliable({from_return_stack(ret(1)), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))});
}

// An exception interrupted a push, or a pop: the slot is half written, and its function is in the trace all the same.
class WalkInterruptedPush : public WalkGraph {
 protected:
  // A handler's chain on the IRQ stack, which interrupted `count` contexts, the outermost of which is record "b".
  void interrupt(int count) {
    context.policy = Policy::exact;
    context.special_ranges = SpecialRanges::none();
    context.patch_sites = PatchSites::make(sites_, 0, 2 * instruction_size).value();
    for (int i = 1; i <= count; ++i) {
      const std::string number = std::to_string(i);
      const std::string next = i == count ? "b" : "r" + std::to_string(i + 1);
      const std::string sp = "sp" + number;
      irq.record("r" + number, Ref("e" + number, 0), ret(10))
          .exception_frame("e" + number, {.pc = code::function(2), .fp = Ref(next, 0), .sp = Ref(sp, 0), .lr = ret(11)})
          .mark(sp);
    }
    task.junk(1).record("b", "c", ret(2)).record("c", "final", handler).final_record();
  }
  [[nodiscard]] Walked walk_handler() {
    return walk(Start::at_call({.fp = address("r1"), .sp = irq.base(), .pc = ret(0)}));
  }

 private:
  std::array<std::uint64_t, 1> sites_{code::function(2)};
};

TEST_F(WalkInterruptedPush, G9_IgnoresAHalfWrittenEntryThatAnExceptionExplains) {
  interrupt(1);
  push(ret(3), "final");
  push(ret(2), "c");
  return_storage[1].return_address = 0;
  const Walked walked = walk_handler();
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
}

TEST_F(WalkInterruptedPush, G9_IgnoresAHalfWrittenEntryThatTheExceptionOfTheStartExplains) {
  interrupt(0);
  push(ret(3), "final");
  push(ret(2), "c");
  return_storage[1].return_address = 0;
  ExceptionFrame frame = branded_exception_frame();
  frame.pc = code::function(2);
  frame.fp = address("b");
  frame.sp = task.base();
  frame.lr = ret(1);
  const Walked walked = walk(Start::exception(frame));
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
}

TEST_F(WalkInterruptedPush, G9_IgnoresAsManyHalfWrittenEntriesAsExceptionsExplain) {
  interrupt(2);
  push(ret(3), "final");
  push(ret(2), "c");
  push(ret(2), "c");
  return_storage[1].return_address = 0;
  return_storage[2].return_address = 0;
  const Walked walked = walk_handler();
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
}

TEST_F(WalkInterruptedPush, G9_IgnoresAHalfWrittenEntryAtTheEndThatAnExceptionExplains) {
  interrupt(1);
  task.set(4, ret(3));  // nothing of the chain is hooked
  push(ret(3), "final");
  return_storage[0].return_address = 0;
  const Walked walked = walk_handler();
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
}

TEST_F(WalkInterruptedPush, G17_DoubtsMoreInvalidEntriesThanExceptionsExplain) {
  interrupt(1);
  push(ret(3), "final");
  push(ret(2), "c");
  push(ret(2), "c");
  return_storage[1].return_address = 0;
  return_storage[2].return_address = 0;
  const Walked walked = walk_handler();
  EXPECT_EQ(text(walked.frames.back().evidence), "return_address_hooked,return_entry_invalid") << text(walked);
  EXPECT_FALSE(walked.verdict.is_reliable());
}

// The handler pushed and pops again, and its slot is invalid: the exception that it handles comes later.
TEST_F(WalkInterruptedPush, G17_DoubtsAnInvalidEntryThatWasPassedBeforeTheException) {
  interrupt(1);
  irq.set(1, handler);
  push(ret(3), "final");
  push(ret(10), "e1");
  push(ret(9), "r1");
  return_storage[2].return_address = 0;
  const Walked walked = walk_handler();
  EXPECT_EQ(text(walked.frames.at(1).evidence), "return_address_hooked,return_entry_invalid") << text(walked);
  EXPECT_FALSE(walked.verdict.is_reliable());
}

TEST_F(WalkGraph, G17_DoubtsAnInvalidEntryThatIsPassedOver) {
  chain(ret(1), handler, ret(3), ret(4));
  push(ret(2), "c");
  push(ret(1), "b");
  return_storage[1].return_address = 0;
  expect_doubt(
      {from_record(ret(1)), from_return_stack(ret(2), return_entry_invalid), from_record(ret(3)), from_record(ret(4))},
      0);
}

TEST_F(WalkGraph, G17_DoubtsOnlyWhatComesAfterTheLastFrameThatWasMatchedBeforeAnInvalidEntry) {
  chain(handler, ret(2), handler, ret(4));
  push(ret(3), "d");
  push(ret(9), Ref("c", 8));
  push(ret(1), "b");
  return_storage[1].return_address = 0;
  expect_doubt({from_return_stack(ret(1)), from_record(ret(2)), from_return_stack(ret(3), return_entry_invalid),
                from_record(ret(4))},
               2);
}

TEST_F(WalkGraph, G17_DoubtsAnInvalidEntryThatIsLeftAtTheEnd) {
  chain(ret(1), handler, ret(3), ret(4));
  push(ret(7), Ref("d", 8));
  push(ret(2), "c");
  return_storage[0].return_address = 0;
  expect_doubt({from_record(ret(1)), from_return_stack(ret(2)), from_record(ret(3)), from_record(ret(4))}, 3,
               return_entry_invalid);
}

// The tracer of a function whose own entry is in flight: no exception came between.
TEST_F(WalkGraph, G17_DoubtsAnInvalidEntryAboveOneInFlight) {
  context.policy = Policy::exact;
  task.record("t", "f", code::ftrace_graph_caller.start() + 4)
      .ftrace_frame("f", {.function_return = code::function(1) + 8, .parent_fp = "p", .parent_return = ret(2)})
      .record("p", "final", ret(3))
      .final_record();
  push(ret(2), "p");
  push(ret(2), "p");
  return_storage[1].return_address = 0;
  expect(unreliable(
             {from_start(ret(0)),
              from_record(code::ftrace_graph_caller.start() + 4, in_special_range, SpecialKind::ftrace_graph_caller),
              from_record(code::function(1) + 8), from_record(ret(2), return_entry_in_flight | return_entry_invalid),
              from_record(ret(3))},
             {.stop_at = address("final"), .first_doubtful = 0}),
         walk_from(ret(0), "t"));
}

TEST_F(WalkGraph, G9_DoubtsARewrittenAddressWhoseEntryIsHalfWritten) {
  chain(handler, ret(2), ret(3), ret(4));
  push(ret(1), "b");
  return_storage[0].return_address = 0;
  expect_doubt({unresolved(handler), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))}, 0,
               return_entry_invalid);
}

TEST_F(WalkGraph, G5_DoubtsOnlyWhatComesAfterTheLastFrameThatWasMatchedBeforeASkip) {
  chain(handler, ret(2), handler, ret(4));
  push(ret(3), "d");
  push(ret(9), Ref("c", 8));
  push(ret(1), "b");
  expect_doubt({from_return_stack(ret(1)), from_record(ret(2)), from_return_stack(ret(3), return_entry_skipped),
                from_record(ret(4))},
               2);
}

// G10, G11: return_to_handler calls C code, and the pop comes after that. In the strict policy both are unreliable.
TEST_F(WalkGraph, G10_RestoresTheCallerInsideAnExitCallbackAndDoubtsIt) {
  const std::uint64_t in_handler = handler + 8;
  chain(in_handler, handler, ret(3), ret(4));
  push(ret(2), "c");
  expect_doubt({from_record(in_handler, in_special_range | special_code_without_rule, SpecialKind::return_to_handler),
                from_return_stack(ret(2)), from_record(ret(3)), from_record(ret(4))},
               1);
}

TEST_F(WalkGraph, G11_DoubtsAnExitCallbackWhoseEntryIsGone) {
  const std::uint64_t in_handler = handler + 8;
  chain(in_handler, handler, ret(3), ret(4));
  expect_doubt({from_record(in_handler, in_special_range | special_code_without_rule, SpecialKind::return_to_handler),
                unresolved(handler), from_record(ret(3)), from_record(ret(4))},
               1);
}

TEST_F(WalkGraph, G12_DoubtsABoundaryAnywhereInsideReturnToHandler) {
  chain(ret(1), ret(2), ret(3), ret(4));
  push(ret(8), "a");
  for (std::uint64_t at = code::return_to_handler.start(); at < code::return_to_handler.end(); at += 4) {
    SCOPED_TRACE(::testing::Message() << "+" << at - handler);
    ExceptionFrame frame = branded_exception_frame();
    frame.pc = at;
    frame.fp = address("a");
    frame.sp = task.base();
    log = {};
    expect(unreliable({interrupted(at, Source::start, in_special_range, SpecialKind::return_to_handler),
                       from_record(ret(1)), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))},
                      {.stop_at = address("final"), .also = return_entry_left_over}),
           walk(Start::exception(frame)));
  }
}

TEST_F(WalkGraph, G13_TrustsAFunctionThatRanUntracedBecauseTheReturnStackWasFull) {
  chain(ret(1), handler, ret(3), ret(4));
  for (std::size_t i = 0; i < return_storage.size(); ++i) push(i == 0 ? ret(2) : handler, "c");
  ASSERT_FALSE(return_stack.push({.return_address = ret(1), .function = 0, .key = address("b"), .hook = handler}));
  EXPECT_EQ(return_stack.dropped(), 1U);
  expect_reliable({from_record(ret(1)), from_return_stack(ret(2)), from_record(ret(3)), from_record(ret(4))});
}

TEST_F(WalkGraph, G14_FindsTheRightCallersAndDoubtsEntriesThatAreNewerThanTheChain) {
  chain(ret(1), handler, ret(3), ret(4));
  push(ret(2), "c");
  push(ret(9), 0x6000'0040);  // a tracer on the IRQ stack that itself is traced
  expect_doubt(
      {from_record(ret(1)), from_return_stack(ret(2), return_entry_skipped), from_record(ret(3)), from_record(ret(4))},
      0);
}

// G15: the leaf's own entry belongs to no record; its hook is only in the saved link register. Those further up are
// still found, by key.
TEST_F(WalkGraph, G15_FindsTheRightCallersAboveATracedLeafWithoutARecord) {
  chain(handler, handler, ret(3), ret(4));
  push(ret(2), "c");
  push(ret(1), "b");
  push(ret(9), "a");  // the leaf returns to ret(9), whose record is a
  ExceptionFrame frame = branded_exception_frame();
  frame.pc = pc(0);
  frame.fp = address("a");
  frame.sp = task.base();
  frame.lr = handler;
  expect(unreliable({interrupted(pc(0), Source::start), from_return_stack(ret(1), return_entry_skipped),
                     from_return_stack(ret(2)), from_record(ret(3)), from_record(ret(4))},
                    {.stop_at = address("final")}),
         walk(Start::exception(frame)));
}

TEST_F(WalkGraph, DoubtsATraceWhoseReturnStackIsDamaged) {
  chain(ret(1), ret(2), ret(3), ret(4));
  set_depth(return_stack, 0x4000'0000);
  expect_doubt({from_record(ret(1)), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))}, 0,
               return_stack_damaged);
}

}  // namespace
}  // namespace surefoot::testing
