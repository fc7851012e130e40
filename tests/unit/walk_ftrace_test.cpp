// SPDX-License-Identifier: MIT
//
// Chains through the function-entry trampolines (hazards F1 to F4).
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::after_ftrace_call;
using code::function;
using code::ret;

constexpr Evidence special = EvidenceBit::in_special_range;

class WalkFtrace : public Scene {
 protected:
  // A tracer that was called from the trampoline, which was called from function 1, which function 2 called.
  void trace_call(const TracedCall& call, std::uint64_t tracer_returns_to = after_ftrace_call) {
    task.junk(2).record("tracer", "f", tracer_returns_to).junk(1).ftrace_frame("f", call);
    task.junk(1).record("p", "final", ret(3)).final_record();
  }
  void expect_doubt(std::vector<Frame> frames) {
    frames.insert(frames.begin(), from_start(ret(0)));
    expect(unreliable(frames, {.stop_at = address("final"), .first_doubtful = 1}), walk_from(ret(0), "tracer"));
  }
  // The tracer's caller, with what is noticed there.
  static Frame in_ftrace_call(std::uint64_t pc = after_ftrace_call) {
    return from_record(pc, special, SpecialKind::ftrace_call);
  }
};

TEST_F(WalkFtrace, F1_ShowsEveryFunctionInsideATracerAndDoubtsTheTrampoline) {
  trace_call({.function_return = function(1) + 8, .parent_fp = "p", .parent_return = ret(2)});
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8), from_record(ret(2)), from_record(ret(3))});
}

TEST_F(WalkFtrace, F1_DoubtsAReturnAddressBehindTheInstructionAfterTheCall) {
  trace_call({.function_return = function(1) + 8, .parent_fp = "p", .parent_return = ret(2)}, code::ftrace_call.end());
  expect_doubt({in_ftrace_call(code::ftrace_call.end()), from_record(function(1) + 8), from_record(ret(2)),
                from_record(ret(3))});
}

TEST_F(WalkFtrace, F1_ReadsTheSavedPcBesideTheRecord) {
  trace_call({.function_return = function(1) + 8, .parent_fp = "p", .parent_return = ret(2)});
  (void)walk_from(ret(0), "tracer");
  const std::uint64_t saved_pc_at = address(Ref("f.frame", SUREFOOT_FTRACE_FRAME_OFFSET_PC));
  EXPECT_EQ(std::count(log.addresses.begin(), log.addresses.end(), saved_pc_at), 1);
}

TEST_F(WalkFtrace, F2_NoticesATracerThatRedirectedTheSavedPcAlone) {
  trace_call({.function_return = function(1) + 8, .parent_fp = "p", .parent_return = ret(2), .saved_pc = function(7)});
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8, EvidenceBit::saved_pc_differs), from_record(ret(2)),
                from_record(ret(3))});
}

TEST_F(WalkFtrace, F2_ShowsTheTargetWhenRecordAndSavedPcWereBothRedirected) {
  // The record looks up as a return address into the target.
  trace_call({.function_return = function(7) + 4, .parent_fp = "p", .parent_return = ret(2), .saved_pc = function(7)});
  expect_doubt({in_ftrace_call(), from_record(function(7) + 4), from_record(ret(2)), from_record(ret(3))});
}

TEST_F(WalkFtrace, F2_NoticesARecordThatWasRedirectedAlone) {
  trace_call(
      {.function_return = function(7) + 4, .parent_fp = "p", .parent_return = ret(2), .saved_pc = function(1) + 8});
  expect_doubt({in_ftrace_call(), from_record(function(7) + 4, EvidenceBit::saved_pc_differs), from_record(ret(2)),
                from_record(ret(3))});
}

TEST_F(WalkFtrace, F2_NoticesASavedPcThatIsOneInstructionTooFar) {
  trace_call(
      {.function_return = function(1) + 8, .parent_fp = "p", .parent_return = ret(2), .saved_pc = function(1) + 12});
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8, EvidenceBit::saved_pc_differs), from_record(ret(2)),
                from_record(ret(3))});
}

TEST_F(WalkFtrace, F2_NoticesASavedPcThatCannotBeRead) {
  trace_call({.function_return = function(1) + 8, .parent_fp = "p", .parent_return = ret(2)});
  log.refused = {address(Ref("f.frame", SUREFOOT_FTRACE_FRAME_OFFSET_PC))};
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8, EvidenceBit::saved_pc_differs), from_record(ret(2)),
                from_record(ret(3))});
}

TEST_F(WalkFtrace, F2_DoesNotReadASavedPcThatWouldBeOnConsumedStack) {
  task.record("tracer", "f", after_ftrace_call).record("f", "final", function(1) + 8).final_record();
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8, EvidenceBit::saved_pc_differs)});
}

TEST_F(WalkFtrace, F2_DoesNotReadASavedPcThatIsNotAligned) {
  const RangeTable table =
      RangeTable(code::text_end)
          .add(code::ftrace_call, SpecialKind::ftrace_call, {.pc = From::frame_record, .offset = 20});
  context.special_ranges = table.make().value();
  trace_call({.function_return = function(1) + 8, .parent_fp = "p", .parent_return = ret(2)});
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8, EvidenceBit::saved_pc_differs), from_record(ret(2)),
                from_record(ret(3))});
}

TEST_F(WalkFtrace, F2_DoesNotReadASavedPcThatStraddlesTheTopOfItsStack) {
  const RangeTable table =
      RangeTable(code::text_end)
          .add(code::ftrace_call, SpecialKind::ftrace_call, {.pc = From::frame_record, .offset = 40});
  context.special_ranges = table.make().value();
  task.record("tracer", "f", after_ftrace_call).record("f", "final", function(1) + 8).final_record();
  task.word(function(1) + 8);
  const std::vector<Stack> cut{{.range = AddressRange(task.base(), task.end() - 4)}};
  context.stacks = cut;
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8, EvidenceBit::saved_pc_differs)});
}

TEST_F(WalkFtrace, F2_ComparesASignedRecordWithTheSavedPc) {  // C8
  context.pac = PointerAuthMask::for_address_bits(48);
  trace_call({.function_return = (function(1) + 8) | 0x005a'0000'0000'0000,
              .parent_fp = "p",
              .parent_return = ret(2),
              .saved_pc = function(1) + 8});
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8), from_record(ret(2)), from_record(ret(3))});
}

TEST_F(WalkFtrace, F2_ComparesASignedRecordWithTheSavedPcInTheKernelHalf) {  // C8
  constexpr std::uint64_t returns_to = 0xffff'8000'0000'0108;
  context.pac = PointerAuthMask::for_address_bits(48);
  text_ranges.emplace_back(0xffff'8000'0000'0000, 0xffff'8000'0001'0000);
  trace_call({.function_return = returns_to ^ 0x005a'0000'0000'0000,
              .parent_fp = "p",
              .parent_return = ret(2),
              .saved_pc = returns_to});
  expect_doubt({in_ftrace_call(), from_record(returns_to), from_record(ret(2)), from_record(ret(3))});
}

// What was not read is taken for no address, not even for one that would fit.
TEST_F(WalkFtrace, F2_NoticesASavedPcThatCannotBeReadBesideAReturnToTheSecondInstructionOfAll) {
  text_ranges.emplace_back(0, 0x1000);
  trace_call({.function_return = 4, .parent_fp = "p", .parent_return = ret(2), .saved_pc = 4});
  log.refused = {address(Ref("f.frame", SUREFOOT_FTRACE_FRAME_OFFSET_PC))};
  expect_doubt(
      {in_ftrace_call(), from_record(4, EvidenceBit::saved_pc_differs), from_record(ret(2)), from_record(ret(3))});
}

// F6: F gets lr and fp out of the frame. What the record says of its caller is what they were.
class WalkSavedRegisters : public WalkFtrace {
 protected:
  WalkSavedRegisters() { context.policy = Policy::exact; }

  static constexpr std::uint64_t f = function(1) + 8;

  TracedCall call() const { return {.function_return = f, .parent_fp = "p", .parent_return = ret(2)}; }
  [[nodiscard]] Walked walk_call(const TracedCall& call) {
    trace_call(call);
    return walk_from(ret(0), "tracer");
  }
  void expect_agreement(const Walked& walked) { EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked); }
  void expect_differs(const Walked& walked) {
    ASSERT_GT(walked.frames.size(), 2U);
    EXPECT_EQ(text(walked.frames[2].evidence), "saved_pc_differs") << text(walked);
    EXPECT_LE(walked.verdict.first_doubtful, 2U);
    EXPECT_FALSE(walked.verdict.is_reliable());
  }
};

TEST_F(WalkSavedRegisters, F6_TrustsRegistersThatAreTheRecords) { expect_agreement(walk_call(call())); }

TEST_F(WalkSavedRegisters, F6_ReadsThePairBesideTheRecord) {
  (void)walk_call(call());
  for (const std::int64_t offset : {SUREFOOT_FTRACE_FRAME_OFFSET_FP, SUREFOOT_FTRACE_FRAME_OFFSET_LR}) {
    EXPECT_EQ(std::count(log.addresses.begin(), log.addresses.end(), address(Ref("f.frame", offset))), 1);
  }
}

TEST_F(WalkSavedRegisters, F6_DoubtsALinkRegisterThatATracerChanged) {
  TracedCall changed = call();
  changed.saved_lr = ret(7);
  expect_differs(walk_call(changed));
}

TEST_F(WalkSavedRegisters, F6_DoubtsAFramePointerThatATracerChanged) {
  TracedCall changed = call();
  changed.saved_fp = "final";
  expect_differs(walk_call(changed));
}

TEST_F(WalkSavedRegisters, F6_DoubtsARecordThatWasChangedAlone) {
  TracedCall changed = call();
  changed.parent_return = ret(7);
  changed.saved_lr = ret(2);
  expect_differs(walk_call(changed));
}

TEST_F(WalkSavedRegisters, F6_ComparesAfterStripping) {  // C8
  context.pac = PointerAuthMask::for_address_bits(48);
  TracedCall is_signed = call();
  is_signed.saved_lr = ret(2) | 0x005a'0000'0000'0000;
  expect_agreement(walk_call(is_signed));
}

TEST_F(WalkSavedRegisters, F6_TrustsAHookWhoseEntryLeadsToTheRecordsAddress) {
  TracedCall hooked = call();
  hooked.saved_lr = code::handler;
  trace_call(hooked);
  push(ret(2), "p");
  const Walked walked = walk_from(ret(0), "tracer");
  expect_agreement(walked);
  EXPECT_EQ(text(walked.frames.at(3).evidence), "return_entry_in_flight");
}

TEST_F(WalkSavedRegisters, F6_TrustsTwoHooksWhoseEntriesLeadToTheRecordsAddress) {  // K4
  TracedCall hooked = call();
  hooked.saved_lr = code::handler;
  trace_call(hooked);
  push(ret(2), "p", code::probe);
  push(code::probe, "p");
  expect_agreement(walk_from(ret(0), "tracer"));
}

TEST_F(WalkSavedRegisters, F6_TrustsAHookWhileTheNextOneIsPushedAndNotWritten) {  // G7, K4
  TracedCall hooked = call();
  hooked.saved_lr = code::probe;
  trace_call(hooked);
  push(ret(2), "p", code::probe);
  push(code::probe, "p");
  expect_agreement(walk_from(ret(0), "tracer"));
}

TEST_F(WalkSavedRegisters, F6_DoubtsAHookWithoutAnEntry) {
  TracedCall hooked = call();
  hooked.saved_lr = code::handler;
  expect_differs(walk_call(hooked));
}

TEST_F(WalkSavedRegisters, F6_DoubtsAHookWhoseEntryDoesNotFit) {
  struct Case {
    std::uint64_t return_address;
    Ref key;
    std::uint64_t hook;
    std::uint64_t saved_lr;
  } const cases[] = {
      {ret(7), "p", code::handler, code::handler},      // another address than the record's
      {ret(2), "final", code::handler, code::handler},  // another key
      {ret(2), "p", code::probe, code::handler},        // another hook
      {ret(2), "p", 1, 1},                              // no text, G16
  };
  trace_call(call());
  const std::uint64_t saved_lr_at = address(Ref("f.frame", SUREFOOT_FTRACE_FRAME_OFFSET_LR));
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << "case " << &c - cases);
    push(c.return_address, c.key, c.hook);
    task.set((saved_lr_at - task.base()) / 8, c.saved_lr);
    expect_differs(walk_from(ret(0), "tracer"));
    return_stack.pop();
  }
}

TEST_F(WalkSavedRegisters, F6_DoubtsRegistersThatCannotBeRead) {
  trace_call(call());
  for (const std::int64_t offset : {SUREFOOT_FTRACE_FRAME_OFFSET_FP, SUREFOOT_FTRACE_FRAME_OFFSET_LR}) {
    log.refused = {address(Ref("f.frame", offset))};
    expect_differs(walk_from(ret(0), "tracer"));
  }
}

TEST_F(WalkSavedRegisters, F6_DoubtsACallersRecordThatIsNotOnTheStack) {
  trace_call(call());
  const std::uint64_t record_at = address("f");
  task.set((record_at - task.base()) / 8, 0x6000'0000);
  irq.record("elsewhere", "p", ret(2));
  expect_differs(walk_from(ret(0), "tracer"));
}

TEST_F(WalkFtrace, F3_ShowsTwoTrampolinesInOneChain) {
  task.record("tracer", "f", after_ftrace_call)
      .ftrace_frame("f", {.function_return = function(1) + 8, .parent_fp = "outer", .parent_return = ret(2)})
      .record("outer", "g", after_ftrace_call)  // function 2 is part of another tracer
      .ftrace_frame("g", {.function_return = function(3) + 8, .parent_fp = "p", .parent_return = ret(4)})
      .record("p", "final", ret(5))
      .final_record();
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8), from_record(ret(2)), in_ftrace_call(),
                from_record(function(3) + 8), from_record(ret(4)), from_record(ret(5))});
}

TEST_F(WalkFtrace, F3_ChecksTheSavedPcOfEachTrampoline) {
  task.record("tracer", "f", after_ftrace_call)
      .ftrace_frame("f", {.function_return = function(1) + 8, .parent_fp = "outer", .parent_return = ret(2)})
      .record("outer", "g", after_ftrace_call)
      .ftrace_frame(
          "g", {.function_return = function(3) + 8, .parent_fp = "p", .parent_return = ret(4), .saved_pc = function(7)})
      .record("p", "final", ret(5))
      .final_record();
  expect_doubt({in_ftrace_call(), from_record(function(1) + 8), from_record(ret(2)), in_ftrace_call(),
                from_record(function(3) + 8, EvidenceBit::saved_pc_differs), from_record(ret(4)), from_record(ret(5))});
}

TEST_F(WalkFtrace, F4_DoubtsAReturnAddressInTheGraphCaller) {
  const std::uint64_t in_graph_caller = code::ftrace_graph_caller.start() + 8;
  trace_call({.function_return = function(1) + 8, .parent_fp = "p", .parent_return = ret(2)}, in_graph_caller);
  expect_doubt({from_record(in_graph_caller, special, SpecialKind::ftrace_graph_caller), from_record(function(1) + 8),
                from_record(ret(2)), from_record(ret(3))});
}

}  // namespace
}  // namespace surefoot::testing
