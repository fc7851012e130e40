// SPDX-License-Identifier: MIT
//
// Chains that cross exceptions (hazards X0 to X9): unreliable in the strict policy, with every frame that is there.
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::pc;
using code::ret;

constexpr Evidence changed = EvidenceBit::changed_stack;
constexpr Evidence special = EvidenceBit::in_special_range;
constexpr auto saved = Source::exception_frame;

class WalkException : public Scene {
 protected:
  // The handler's chain on the IRQ stack, and below it the frame that interrupted `registers`.
  void interrupt(const Interrupted& registers) { irq.record("a", "e", ret(1)).junk(2).exception_frame("e", registers); }
  [[nodiscard]] Walked walk_handler() {
    return walk(Start::at_call({.fp = address("a"), .sp = irq.base(), .pc = ret(0)}));
  }
  void expect_frames(std::vector<Frame> after_the_handler, Doubt doubt) {
    std::vector<Frame> frames{from_start(ret(0)), from_record(ret(1))};
    frames.insert(frames.end(), after_the_handler.begin(), after_the_handler.end());
    expect(unreliable(frames, doubt), walk_handler());
  }
};

TEST_F(WalkException, X0_DoubtsATraceThatStartsAtAnInterruptedPc) {
  task.record("a", "final", ret(1)).final_record();
  ExceptionFrame frame = branded_exception_frame();
  frame.pc = pc(0);
  frame.fp = address("a");
  frame.sp = task.base();
  expect(unreliable({interrupted(pc(0), Source::start), from_record(ret(1))}, {.stop_at = address("final")}),
         walk(Start::exception(frame)));
}

TEST_F(WalkException, X1_CrossesABoundaryToTheInterruptedFunction) {
  interrupt({.pc = pc(2), .fp = "b", .sp = 0x7000'0010});
  task.junk(2).record("b", "final", ret(3)).final_record();
  expect_frames({interrupted(pc(2), saved, changed), from_record(ret(3))},
                {.stop_at = address("final"), .first_doubtful = 2});
}

TEST_F(WalkException, X1_CrossesABoundaryOnTheSameStack) {
  task.record("a", "e", ret(1))
      .exception_frame("e", {.pc = pc(2), .fp = "b", .sp = "sp"})
      .mark("sp")
      .record("b", "final", ret(3))
      .final_record();
  expect(unreliable({from_start(ret(0)), from_record(ret(1)), interrupted(pc(2), saved), from_record(ret(3))},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkException, X1_ReadsNothingOfTheFrameButItsRecordItsModeAndWhatTheRuleNeeds) {
  interrupt({.pc = pc(2), .fp = "final", .sp = 0x7000'0000});
  task.final_record();
  (void)walk_handler();
  const std::set<std::uint64_t> read(log.addresses.begin(), log.addresses.end());
  std::set<std::uint64_t> in_frame;
  for (const std::uint64_t at : read) {
    if (at >= address("e.frame") && at < irq.end()) in_frame.insert(at - address("e.frame"));
  }
  const std::set<std::uint64_t> allowed{
      SUREFOOT_EXCEPTION_FRAME_OFFSET_FP,         SUREFOOT_EXCEPTION_FRAME_OFFSET_SP,
      SUREFOOT_EXCEPTION_FRAME_OFFSET_PC,         SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE,
      SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD,     SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD + 8,
      SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD + 16};
  EXPECT_EQ(in_frame, allowed);
}

TEST_F(WalkException, T15_StopsAtARegisterThatCannotBeRead) {
  interrupt({.pc = pc(2), .fp = "final", .sp = 0x7000'0000});
  task.final_record();
  for (const std::int64_t offset : {SUREFOOT_EXCEPTION_FRAME_OFFSET_FP, SUREFOOT_EXCEPTION_FRAME_OFFSET_SP,
                                    SUREFOOT_EXCEPTION_FRAME_OFFSET_PC, SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE}) {
    SCOPED_TRACE(::testing::Message() << "register at +" << offset);
    const Ref at("e.frame", offset);
    log.refused = {address(at)};
    expect_frames({}, {.stop = StopReason::unreadable, .stop_at = address(at), .first_doubtful = 2});
  }
}

// X2: the caller P is in the link register alone, as at a function's first instruction. A walk along the records cannot
// see it, and says so.
TEST_F(WalkException, X2_DoubtsABoundaryAtWhichTheCallerIsInTheLinkRegisterOnly) {
  interrupt({.pc = code::function(2), .fp = "b", .sp = 0x7000'0000, .lr = ret(5)});
  task.record("b", "final", ret(3)).final_record();
  expect_frames({interrupted(code::function(2), saved, changed), from_record(ret(3))},
                {.stop_at = address("final"), .first_doubtful = 2});
}

TEST_F(WalkException, X3_TrustsTheChainOfAnExceptionFromEl0) {
  // EL0 entry writes a final record into its ExceptionFrame, at the top of the task's stack.
  task.record("a", "e", ret(1))
      .exception_frame("e", {.pc = 0x1000, .fp = brand(29), .sp = brand(31), .type = SUREFOOT_METADATA_FINAL});
  context.final_record_at = address("e");
  expect(reliable({from_start(ret(0)), from_record(ret(1))}, address("e")), walk_from(ret(0), "a"));
}

class WalkFromEl0 : public Scene {
 protected:
  WalkFromEl0() {
    frame.pstate = 0;  // EL0t
    frame.record.type = MetadataType::final_record;
  }
  // The frame is in the memory of the test program, and so is the stack that it stands for.
  [[nodiscard]] Walked walk_frame(std::uint64_t final_record_at) {
    const auto frame_at = reinterpret_cast<std::uintptr_t>(&frame);
    StackImage& stack = memory.add_stack(frame_at, StackKind::task);
    const auto* words = reinterpret_cast<const std::uint64_t*>(&frame);
    for (std::size_t i = 0; i < sizeof frame / 8; ++i) stack.word(words[i]);
    context.final_record_at = final_record_at;
    return walk(Start::exception(frame));
  }
  [[nodiscard]] std::uint64_t record_at() const { return reinterpret_cast<std::uintptr_t>(&frame.record); }

  ExceptionFrame frame = branded_exception_frame();
};

TEST_F(WalkFromEl0, X3_T13_TrustsAnEmptyTrace) { expect(reliable({}, record_at()), walk_frame(record_at())); }

TEST_F(WalkFromEl0, X3_TrustsAnEmptyTraceOfAnAArch32Task) {
  frame.pstate = 0x10;
  expect(reliable({}, record_at()), walk_frame(record_at()));
}

TEST_F(WalkFromEl0, X3_DoubtsARecordThatIsNotTheTasksOwn) {
  expect(unreliable({}, {.stop = StopReason::final_record_misplaced, .stop_at = record_at()}), walk_frame(0x7000'0000));
}

// Where a hypervisor runs at EL2, its guest's exits name EL1, and its own exceptions EL2. The record tells them apart.
TEST_F(WalkFromEl0, X12_TrustsAnEmptyTraceOfAGuestsExitWhateverItsModeBitsSay) {
  for (const std::uint64_t pstate : {0x3c4U, 0x3c5U, 0x3c8U, 0x3c9U}) {
    SCOPED_TRACE(::testing::Message() << "pstate 0x" << std::hex << pstate);
    frame.pstate = pstate;
    const auto frame_at = reinterpret_cast<std::uintptr_t>(&frame);
    const Stack stacks[] = {{.range = AddressRange(frame_at, frame_at + sizeof frame)}};
    context.stacks = stacks;
    context.text = text_ranges;
    context.final_record_at = record_at();
    Frame buffer[4];
    const Trace trace = surefoot::testing::walk(Start::exception(frame), context, buffer);
    expect(reliable({}, record_at()), {.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict});
  }
}

TEST_F(WalkFromEl0, X12_DoubtsAGuestsExitWhoseRecordIsNotTheTasksOwn) {
  frame.pstate = 0x3c5;
  expect(unreliable({}, {.stop = StopReason::final_record_misplaced, .stop_at = record_at()}), walk_frame(0x7000'0000));
}

TEST_F(WalkFromEl0, X12_DoubtsAFrameWhoseRecordIsOfAnUnknownType) {
  for (const std::uint64_t pstate : {0U, 0x3c5U}) {
    frame.pstate = pstate;
    frame.record.type = static_cast<MetadataType>(3);
    const auto frame_at = reinterpret_cast<std::uintptr_t>(&frame);
    const Stack stacks[] = {{.range = AddressRange(frame_at, frame_at + sizeof frame)}};
    context.stacks = stacks;
    context.text = text_ranges;
    context.final_record_at = record_at();
    Frame buffer[4];
    const Trace trace = surefoot::testing::walk(Start::exception(frame), context, buffer);
    expect(unreliable({}, {.stop = StopReason::unknown_metadata, .stop_at = record_at()}),
           {.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict});
  }
}

// The record and the mode bits contradict each other.
TEST_F(WalkException, X12_DoubtsAFrameOfKernelCodeWhoseModeBitsSayEl0) {
  task.record("a", "final", ret(1)).final_record();
  for (const std::uint64_t pstate : {0U, 0x3c0U, 0x10U}) {
    SCOPED_TRACE(::testing::Message() << "pstate 0x" << std::hex << pstate);
    ExceptionFrame frame = branded_exception_frame();
    frame.pc = pc(0);
    frame.fp = address("a");
    frame.sp = task.base();
    frame.pstate = pstate;
    expect(unreliable({interrupted(pc(0), Source::start, EvidenceBit::interrupted_el0), from_record(ret(1))},
                      {.stop_at = address("final")}),
           walk(Start::exception(frame)));
  }
}

TEST_F(WalkFromEl0, X3_NeedsNoRoomForATraceWithoutFrames) {  // T12
  const auto frame_at = reinterpret_cast<std::uintptr_t>(&frame);
  const Stack stacks[] = {{.range = AddressRange(frame_at, frame_at + sizeof frame)}};
  context.stacks = stacks;
  context.final_record_at = record_at();
  const Trace trace = surefoot::testing::walk(Start::exception(frame), context, {});
  expect(reliable({}, record_at()), {.frames = {}, .verdict = trace.verdict});
}

TEST_F(WalkException, X4_CrossesNestedBoundariesOnTheirOwnStacks) {
  interrupt({.pc = pc(2), .fp = "b", .sp = 0x7800'0000});  // an IRQ inside ...
  overflow.record("b", "f", ret(3)).exception_frame("f", {.pc = pc(4), .fp = "c", .sp = 0x7000'0000});  // ... a fault
  task.record("c", "final", ret(5)).final_record();
  expect_frames({interrupted(pc(2), saved, changed), from_record(ret(3)), interrupted(pc(4), saved, changed),
                 from_record(ret(5))},
                {.stop_at = address("final"), .first_doubtful = 2});
}

// The entry code saved the frame on the interrupted stack and then went to the IRQ stack.
TEST_F(WalkException, X1_CrossesABoundaryWhoseFrameIsNotOnTheStackOfItsHandler) {
  irq.record("a", "e", ret(1));
  task.junk(3)
      .exception_frame("e", {.pc = pc(2), .fp = "b", .sp = "sp"})
      .mark("sp")
      .record("b", "final", ret(3))
      .final_record();
  expect_frames({interrupted(pc(2), saved, changed), from_record(ret(3))},
                {.stop_at = address("final"), .first_doubtful = 2});
}

// T10 with boundaries: the walk of a stack overflow. The interrupted sp is on no stack, the records are.
TEST_F(WalkException, X1_T10_CrossesTheBoundaryOfAStackOverflow) {
  overflow.record("a", "e", ret(1)).exception_frame("e", {.pc = pc(2), .fp = "b", .sp = 0x6fff'fff0});
  task.record("b", "final", ret(3)).final_record();
  const Start start = Start::at_call({.fp = address("a"), .sp = overflow.base(), .pc = ret(0)});
  expect(unreliable({from_start(ret(0)), from_record(ret(1)), interrupted(pc(2), saved), from_record(ret(3), changed)},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk(start));
}

// X5: a probe, a fault and a step have the same frame; only esr tells them apart, which a walk does not read.
TEST_F(WalkException, X5_TreatsEveryCauseOfABoundaryAlike) {
  interrupt({.pc = pc(2), .fp = "b", .sp = 0x7000'0000});
  task.record("b", "final", ret(3)).final_record();
  log.refused = {address(Ref("e.frame", SUREFOOT_EXCEPTION_FRAME_OFFSET_ESR)),
                 address(Ref("e.frame", SUREFOOT_EXCEPTION_FRAME_OFFSET_FAR))};
  expect_frames({interrupted(pc(2), saved, changed), from_record(ret(3))},
                {.stop_at = address("final"), .first_doubtful = 2});
}

TEST_F(WalkException, X6_DoubtsABoundaryThatLeftNoMetadata) {
  const std::uint64_t in_vector = code::vectors.start() + 0x280;
  task.record("a", "b", in_vector).record("b", "final", ret(2)).final_record();
  expect(unreliable(
             {from_start(ret(0)),
              from_record(in_vector, special | EvidenceBit::special_code_without_rule, SpecialKind::exception_entry),
              from_record(ret(2))},
             {.stop_at = address("final"), .first_doubtful = 1}),
         walk_from(ret(0), "a"));
}

// Behind the handler's call lies the record of the interrupted function, and not the metadata: the entry made none, or
// it was overwritten. Whose caller is in a register only, nothing tells.
class WalkHiddenBoundary : public Scene {
 protected:
  WalkHiddenBoundary() {
    context.policy = Policy::exact;
    table_.add(code::vectors, SpecialKind::exception_entry, {.pc = From::frame_record});
    context.special_ranges = table_.make().value();
  }
  static constexpr std::uint64_t in_entry = code::vectors.start() + 0x280;

 private:
  RangeTable table_{code::text_end};
};

TEST_F(WalkHiddenBoundary, X13_DoubtsAPlainRecordBehindACallFromExceptionEntry) {
  task.record("a", "b", in_entry).record("b", "final", ret(2)).final_record();
  expect(unreliable({from_start(ret(0)), from_record(in_entry, special, SpecialKind::exception_entry),
                     from_record(ret(2), EvidenceBit::unknown_interrupted_code)},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkHiddenBoundary, X13_DoubtsAPlainRecordOfInterruptedExceptionEntry) {
  task.record("b", "final", ret(2)).final_record();
  ExceptionFrame frame = branded_exception_frame();
  frame.pc = in_entry;
  frame.fp = address("b");
  frame.sp = task.base();
  Frame start = from_start(in_entry, EvidenceBit::crossed_exception | special, SpecialKind::exception_entry);
  start.kind = CodeAddress::Kind::exact;
  expect(unreliable({start, from_record(ret(2), EvidenceBit::unknown_interrupted_code)},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk(Start::exception(frame)));
}

TEST_F(WalkHiddenBoundary, X13_TrustsTheTasksFinalRecordBehindACallFromExceptionEntry) {  // X3
  task.record("a", "final", in_entry).final_record();
  expect(reliable({from_start(ret(0)), from_record(in_entry, special, SpecialKind::exception_entry)}, address("final")),
         walk_from(ret(0), "a"));
}

TEST_F(WalkHiddenBoundary, X13_CrossesTheMetadataBehindACallFromExceptionEntry) {
  const std::array<std::uint64_t, 1> sites{code::function(2)};
  context.patch_sites = PatchSites::make(sites, 0, 2 * instruction_size).value();
  irq.record("a", "e", in_entry).exception_frame("e", {.pc = sites[0], .fp = "b", .sp = 0x7000'0000, .lr = ret(5)});
  task.record("b", "final", ret(3)).final_record();
  const Walked walked = walk(Start::at_call({.fp = address("a"), .sp = irq.base(), .pc = ret(0)}));
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
}

TEST_F(WalkException, X7_DoubtsABoundaryInTheExceptionEntryCode) {
  const std::uint64_t in_vector = code::vectors.start() + 0x284;
  interrupt({.pc = in_vector, .fp = "b", .sp = 0x7000'0000});
  task.junk(4).record("b", "final", ret(3)).final_record();
  expect_frames({interrupted(in_vector, saved, changed | special, SpecialKind::exception_entry), from_record(ret(3))},
                {.stop_at = address("final"), .first_doubtful = 2});
}

TEST_F(WalkException, X8_DoesNotUseUpAnEntryForAStaleLinkRegister) {
  interrupt({.pc = pc(2), .fp = "b", .sp = 0x7000'0000, .lr = code::handler});
  task.record("b", "c", code::handler).record("c", "final", ret(4)).final_record();
  push(ret(3), "c");
  expect_frames({interrupted(pc(2), saved, changed), from_return_stack(ret(3)), from_record(ret(4))},
                {.stop_at = address("final"), .first_doubtful = 2});
}

TEST_F(WalkException, X9_DoubtsAnInterruptedPcInTextWithAGarbageFramePointer) {
  interrupt({.pc = pc(2), .fp = brand(29) & ~std::uint64_t{7}, .sp = 0x7000'0000});
  task.junk(2).final_record();
  expect_frames({interrupted(pc(2), saved, changed)},
                {.stop = StopReason::off_stack, .stop_at = brand(29) & ~std::uint64_t{7}, .first_doubtful = 2});
}

TEST_F(WalkException, X10_DoesNotFollowAFramePointerBelowTheInterruptedSp) {
  interrupt({.pc = pc(2), .fp = "stale", .sp = "sp"});
  task.record("stale", "final", ret(3)).mark("sp").junk(2).final_record();
  expect_frames({interrupted(pc(2), saved, changed)},
                {.stop = StopReason::not_above_previous, .stop_at = address("stale"), .first_doubtful = 2});
}

TEST_F(WalkException, X9_DoubtsAnInterruptedPcOutsideText) {
  interrupt({.pc = 0, .fp = "final", .sp = 0x7000'0000});
  task.final_record();
  expect_frames({interrupted(0, saved, changed | EvidenceBit::not_text)},
                {.stop_at = address("final"), .first_doubtful = 2});
}

// Nothing of the kernel goes on where EL0 was interrupted: this record would have to be a final one.
TEST_F(WalkException, X11_DoubtsARecordOfKernelCodeInMidChainWhosePstateSaysEl0) {
  interrupt({.pc = pc(2), .fp = "b", .sp = 0x7000'0000});
  task.record("b", "final", ret(3)).final_record();
  const std::uint64_t pstate_at = address(Ref("e.frame", SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE));
  for (const std::uint64_t pstate : {0U, 0x3c0U, 0x10U, 0x1fU}) {
    SCOPED_TRACE(::testing::Message() << "pstate 0x" << std::hex << pstate);
    irq.set((pstate_at - irq.base()) / 8, pstate);
    expect_frames({interrupted(pc(2), saved, changed | EvidenceBit::interrupted_el0), from_record(ret(3))},
                  {.stop_at = address("final"), .first_doubtful = 2});
  }
}

TEST_F(WalkException, X11_CrossesABoundaryOfAnyModeOfTheKernel) {
  interrupt({.pc = pc(2), .fp = "b", .sp = 0x7000'0000});
  task.record("b", "final", ret(3)).final_record();
  const std::uint64_t pstate_at = address(Ref("e.frame", SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE));
  for (const std::uint64_t pstate : {4U, 5U, 8U, 9U, 0xcU, 0xdU}) {
    SCOPED_TRACE(::testing::Message() << "pstate 0x" << std::hex << pstate);
    irq.set((pstate_at - irq.base()) / 8, pstate);
    expect_frames({interrupted(pc(2), saved, changed), from_record(ret(3))},
                  {.stop_at = address("final"), .first_doubtful = 2});
  }
}

TEST_F(WalkException, StopsAtAnExceptionRecordWhoseFrameWouldBeginBelowTheStack) {
  task.record("a", "e", ret(1)).junk(4).metadata("e", SUREFOOT_METADATA_EXCEPTION).junk(8).final_record();
  expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                    {.stop = StopReason::exception_frame_off_stack, .stop_at = address("e"), .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkException, StopsAtAnExceptionRecordWhoseFrameWouldEndAboveTheStack) {
  irq.record("a", "e", ret(1)).junk(36).metadata("e", SUREFOOT_METADATA_EXCEPTION);  // the last word is missing
  task.final_record();
  expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                    {.stop = StopReason::exception_frame_off_stack, .stop_at = address("e"), .first_doubtful = 2}),
         walk_handler());
}

TEST_F(WalkException, StopsAtAnExceptionFrameThatReachesIntoTheRecordBelowIt) {
  irq.record("a", "e", ret(1)).junk(35).metadata("e", SUREFOOT_METADATA_EXCEPTION).junk(1);
  task.final_record();
  expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                    {.stop = StopReason::exception_frame_off_stack, .stop_at = address("e"), .first_doubtful = 2}),
         walk_handler());
}

TEST_F(WalkException, StopsAtAnExceptionFrameThatCannotBeRead) {
  interrupt({.pc = pc(2), .fp = "final", .sp = 0x7000'0000});
  task.final_record();
  log.refused = {address(Ref("e.frame", SUREFOOT_EXCEPTION_FRAME_OFFSET_SP))};
  expect_frames({}, {.stop = StopReason::unreadable, .stop_at = *log.refused.begin(), .first_doubtful = 2});
}

// T7: the saved registers of the frame at the very top of a stack lead back down to the handler's own record.
TEST_F(WalkException, T7_EndsWhenAnExceptionFrameLeadsBackToItsHandler) {
  task.record("a", "e", ret(1)).exception_frame("e", {.pc = pc(2), .fp = "a", .sp = "a"});
  expect(unreliable({from_start(ret(0)), from_record(ret(1)), interrupted(pc(2), saved)},
                    {.stop = StopReason::not_above_previous, .stop_at = address("a"), .first_doubtful = 2}),
         walk_from(ret(0), "a"));
}

}  // namespace
}  // namespace surefoot::testing
