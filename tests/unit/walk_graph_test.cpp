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

TEST_F(WalkGraph, G9_IgnoresAHalfWrittenEntryThatIsNotNeeded) {
  chain(ret(1), handler, ret(3), ret(4));
  push(ret(2), "c");
  push(ret(1), "b");
  return_storage[1].return_address = 0;
  expect_reliable({from_record(ret(1)), from_return_stack(ret(2)), from_record(ret(3)), from_record(ret(4))});
}

TEST_F(WalkGraph, G9_DoubtsARewrittenAddressWhoseEntryIsHalfWritten) {
  chain(handler, ret(2), ret(3), ret(4));
  push(ret(1), "b");
  return_storage[0].return_address = 0;
  expect_doubt({unresolved(handler), from_record(ret(2)), from_record(ret(3)), from_record(ret(4))}, 1);
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
