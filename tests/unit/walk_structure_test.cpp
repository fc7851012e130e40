// SPDX-License-Identifier: MIT
//
// The structure of a chain on one stack (hazards T1 to T8, T12, T15): what ends a walk, and that nothing else does.
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

class WalkStructure : public Scene {
 protected:
  // A caller, two records, and whatever the test puts above.
  void begin_chain(Ref next) {
    task.junk(2).record("a", "b", ret(1)).junk(3).record("b", std::move(next), ret(2)).junk(1);
  }
  std::vector<Frame> begun() const { return {from_start(ret(0)), from_record(ret(1)), from_record(ret(2))}; }
  // Walks it, and expects that its end was not found.
  void expect_stop(StopReason stop, Ref stop_at) {
    expect(unreliable(begun(), {.stop = stop, .stop_at = address(stop_at), .first_doubtful = 3}),
           walk_from(ret(0), "a"));
  }
};

TEST_F(WalkStructure, T1_FollowsAPlainChainToTheFinalRecord) {
  begin_chain("final");
  task.final_record().junk(2);
  expect(reliable(begun(), address("final")), walk_from(ret(0), "a"));
}

TEST_F(WalkStructure, T1_EndsAtAFinalRecordThatIsTheLastThingOnItsStack) {
  begin_chain("final");
  task.final_record();
  expect(reliable(begun(), address("final")), walk_from(ret(0), "a"));
}

TEST_F(WalkStructure, T1_FollowsRecordsThatTouch) {
  task.record("a", "b", ret(1)).record("b", "final", ret(2)).final_record();
  expect(reliable(begun(), address("final")), walk_from(ret(0), "a"));
}

TEST_F(WalkStructure, T2_DoesNotTakeAnotherFinalRecordForItsOwn) {
  begin_chain("forged");
  task.metadata("forged", SUREFOOT_METADATA_FINAL).final_record();
  expect_stop(StopReason::final_record_misplaced, "forged");
}

TEST_F(WalkStructure, T2_DoesNotTakeTheFinalRecordOfAnotherStackForItsOwn) {
  begin_chain("other");
  task.final_record();
  irq.junk(1).metadata("other", SUREFOOT_METADATA_FINAL);
  expect_stop(StopReason::final_record_misplaced, "other");
}

// No final record was told, and one lies at the address that stands for none.
TEST_F(WalkStructure, T17_DoesNotTakeAFinalRecordAtAddress0ForTheEnd) {
  StackImage& lowest = memory.add_stack(0, StackKind::task);
  lowest.final_record("end").junk(4);
  const Start start = Start::at_call({.fp = 0, .sp = 0, .pc = ret(0)});
  expect(
      unreliable({from_start(ret(0))}, {.stop = StopReason::final_record_misplaced, .stop_at = 0, .first_doubtful = 1}),
      walk(start));
}

TEST_F(WalkStructure, T3_StopsAtAMetadataRecordOfAnUnknownType) {
  for (const std::uint64_t type :
       {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{0x1'0000'0001}, ~std::uint64_t{0}}) {
    SCOPED_TRACE(::testing::Message() << "type 0x" << std::hex << type);
    Memory picture;
    StackImage& stack = picture.add_stack(0x7000'0000, StackKind::task);
    stack.record("a", "odd", ret(1)).metadata("odd", type).final_record();
    const std::vector<Stack> stacks = picture.stacks();
    context.stacks = stacks;
    context.text = text_ranges;
    context.final_record_at = picture.resolve("final");
    const Walked walked = checked_walk(Start::at_call({.fp = picture.resolve("a"), .sp = stack.base(), .pc = ret(0)}),
                                       context, picture, log);
    expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                      {.stop = StopReason::unknown_metadata, .stop_at = picture.resolve("odd"), .first_doubtful = 2}),
           walked);
  }
}

TEST_F(WalkStructure, T4_DoesNotReadATypeThatWouldBeAboveTheStack) {
  begin_chain("short");
  task.mark("short").word(0).word(0);
  context.final_record_at = address("short");
  expect_stop(StopReason::metadata_off_stack, "short");
}

TEST_F(WalkStructure, T5_StopsAtARecordWithoutAReturnAddress) {
  begin_chain("half");
  task.record("half", "final", 0).final_record();
  expect_stop(StopReason::half_zero_record, "half");
}

TEST_F(WalkStructure, T5_StopsAtARecordWithoutAFramePointer) {
  begin_chain("half");
  task.record("half", 0, ret(3)).final_record();
  expect_stop(StopReason::half_zero_record, "half");
}

TEST_F(WalkStructure, T6_StopsAtAMisalignedFramePointer) {
  begin_chain(Ref("next", 4));
  task.record("next", "final", ret(3)).final_record();
  expect_stop(StopReason::misaligned_record, Ref("next", 4));
}

TEST_F(WalkStructure, T6_FollowsARecordThatIsAlignedTo8Only) {
  task.junk(1).record("a", "b", ret(1)).record("b", "final", ret(2)).junk(1).final_record();
  ASSERT_EQ(address("a") % 16, 8U);
  expect(reliable(begun(), address("final")), walk_from(ret(0), "a"));
}

TEST_F(WalkStructure, T7_StopsAtARecordThatNamesItself) {
  begin_chain("b");
  task.final_record();
  expect_stop(StopReason::not_above_previous, "b");
}

TEST_F(WalkStructure, T7_StopsAtACycleOfTwoRecords) {
  begin_chain("a");
  task.final_record();
  expect_stop(StopReason::not_above_previous, "a");
}

TEST_F(WalkStructure, T7_StopsAtARecordThatOverlapsTheOneBefore) {
  begin_chain(Ref("b", 8));
  task.final_record();
  expect_stop(StopReason::not_above_previous, Ref("b", 8));
}

TEST_F(WalkStructure, T7_StopsAtARecordBelowTheStartingSp) {
  task.record("below", "final", ret(1)).mark("sp").junk(2).final_record();
  const Registers start{.fp = address("below"), .sp = address("sp"), .pc = ret(0)};
  expect(unreliable({from_start(ret(0))},
                    {.stop = StopReason::not_above_previous, .stop_at = address("below"), .first_doubtful = 1}),
         walk(Start::at_call(start)));
}

TEST_F(WalkStructure, T7_StopsAtACycleAcrossTwoStacks) {
  begin_chain("c");
  task.final_record();
  irq.record("c", "a", ret(3));
  std::vector<Frame> frames = begun();
  frames.push_back(from_record(ret(3), EvidenceBit::changed_stack));
  expect(unreliable(frames, {.stop = StopReason::stack_reentered, .stop_at = address("a"), .first_doubtful = 4}),
         walk_from(ret(0), "a"));
}

TEST_F(WalkStructure, T8_StopsAtARecordThatStraddlesTheTopOfItsStack) {
  begin_chain("top");
  task.mark("top").word("final");
  context.final_record_at = address("top");
  expect_stop(StopReason::off_stack, "top");
}

TEST_F(WalkStructure, T8_StopsAtAFramePointerWhoseRecordWouldWrap) {
  begin_chain(0xffff'ffff'ffff'fff8);
  task.final_record();
  expect_stop(StopReason::off_stack, 0xffff'ffff'ffff'fff8);
}

TEST_F(WalkStructure, T8_StopsAtAFramePointerJustBelowItsStack) {
  begin_chain(0x6fff'fff8);
  task.final_record();
  expect_stop(StopReason::off_stack, 0x6fff'fff8);
}

TEST_F(WalkStructure, T12_KeepsTheFirstFramesWhenTheBufferIsTooSmall) {
  begin_chain("final");
  task.final_record();
  expect(unreliable(
             {from_start(ret(0)), from_record(ret(1))},
             {.stop = StopReason::truncated, .stop_at = address("final"), .first_doubtful = 2}),  // the third's record
         walk_from(ret(0), "a", 2));
}

TEST_F(WalkStructure, T12_IsNotTruncatedByABufferThatIsJustFull) {
  begin_chain("final");
  task.final_record();
  expect(reliable(begun(), address("final")), walk_from(ret(0), "a", 3));
}

TEST_F(WalkStructure, T12_IsTruncatedAtOnceByABufferOfNoFrames) {
  begin_chain("final");
  task.final_record();
  expect(unreliable({}, {.stop = StopReason::truncated, .stop_at = address("a"), .first_doubtful = 0}),
         walk_from(ret(0), "a", 0));
}

TEST_F(WalkStructure, T12_SaysCorruptionAndNotTruncationWhenTheChainBreaksWhereTheBufferEnds) {
  begin_chain("b");
  task.final_record();
  expect(unreliable(begun(), {.stop = StopReason::not_above_previous, .stop_at = address("b"), .first_doubtful = 3}),
         walk_from(ret(0), "a", 3));
}

TEST_F(WalkStructure, T15_StopsAtARecordThatCannotBeRead) {
  for (const std::int64_t offset : {0, 8}) {
    SCOPED_TRACE(::testing::Message() << "word at +" << offset);
    if (offset == 0) {
      begin_chain("final");
      task.final_record();
    }
    log = {};
    log.refused = {address(Ref("b", offset))};
    expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                      {.stop = StopReason::unreadable, .stop_at = address(Ref("b", offset)), .first_doubtful = 2}),
           walk_from(ret(0), "a"));
  }
}

TEST_F(WalkStructure, T15_StopsAtAMetadataTypeThatCannotBeRead) {
  begin_chain("final");
  task.final_record();
  log.refused = {address(Ref("final", 16))};
  expect_stop(StopReason::unreadable, Ref("final", 16));
}

TEST_F(WalkStructure, AsksForNothingBelowTheRecordsOfAPlainChain) {
  begin_chain("final");
  task.final_record();
  (void)walk_from(ret(0), "a");
  std::vector<std::uint64_t> expected;
  for (const char* record : {"a", "b", "final"}) {
    expected.push_back(address(record));
    expected.push_back(address(Ref(record, 8)));
  }
  expected.push_back(address(Ref("final", 16)));
  EXPECT_EQ(log.addresses, expected);
}

}  // namespace
}  // namespace surefoot::testing
