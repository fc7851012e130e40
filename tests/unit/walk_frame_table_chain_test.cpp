// SPDX-License-Identifier: MIT
//
// The witness of the frame table's own chain (hazards T19, C7): each record is where sp and the rows say.
#include "support/frame_table_scene.hpp"

namespace surefoot::testing {
namespace {

constexpr Evidence disagrees = EvidenceBit::frame_table_disagrees;

// A frame of `size` bytes that has its record `record` bytes above its sp.
SectionFunction by_sp(unsigned number, std::int32_t size, std::int32_t record) {
  return {.start = code::function(number),
          .size = 0x100,
          .rows = {{.words = {0}}, {.start = 8, .words = {size, record + 8 - size, record - size}}}};
}

class WalkFrameTableChain : public FrameTableScene {
 protected:
  WalkFrameTableChain() {
    context.witnesses.frame_table_chain = true;
    functions({by_sp(0, 32, 0),
               by_sp(1, 48, 16),
               with_record(2),
               by_sp(3, 16, 0),
               by_sp(5, 16, 0),
               {.start = code::function(6), .size = 0x100, .rows = {{}}}});
    // 0 <- 1 <- 2, whose record is in a frame of any size, <- 3 <- 6
    task.record("a", "b", code::ret(1)).junk(2);
    task.junk(2).record("b", "c", code::ret(2)).junk(2);
    task.junk(6).record("c", "d", code::ret(3));
    task.record("d", "final", code::ret(6)).final_record();
  }
  [[nodiscard]] Walked walk_here() { return walk_from(code::ret(0), "a"); }
  // Of the frame that has the doubt, by its place in the trace.
  void expect_doubt(std::size_t first, const Walked& walked) {
    EXPECT_EQ(text(walked.verdict.evidence), text(disagrees)) << text(walked);
    EXPECT_EQ(walked.verdict.first_doubtful, first) << text(walked);
    EXPECT_FALSE(walked.verdict.is_reliable());
  }
};

TEST_F(WalkFrameTableChain, T1_FindsWhatARecordChainFinds) {
  expect(reliable({from_start(code::ret(0)), from_record(code::ret(1)), from_record(code::ret(2)),
                   from_record(code::ret(3)), from_record(code::ret(6))},
                  address("final")),
         walk_here());
}

TEST_F(WalkFrameTableChain, T19_TellsTheFrameWhoseRecordWasSkipped) {
  task.set(0, "c");  // b is skipped: function 1 has its record elsewhere
  expect_doubt(1, walk_here());
  context.witnesses = {};
  EXPECT_TRUE(walk_here().verdict.is_reliable());
}

TEST_F(WalkFrameTableChain, T19_TellsAChainThatGoesToItsEndAtOnce) {
  task.set(0, "final");
  expect_doubt(1, walk_here());
}

TEST_F(WalkFrameTableChain, T19_TellsAStartWhoseFpIsAnothers) { expect_doubt(0, walk_from(code::ret(0), "b")); }

TEST_F(WalkFrameTableChain, C7_TellsAReturnAddressIntoAFunctionWithAnotherFrame) {
  task.set(1, code::ret(3));
  expect_doubt(1, walk_here());
  task.set(1, code::ret(5) - 0x20);  // the entry of one, which has no record yet
  expect_doubt(1, walk_here());
}

// As if nobody had to vouch: the address may be any.
TEST_F(WalkFrameTableChain, C16_DoubtsCodeOfWhichTheTableKnowsNothing) {
  task.set(1, code::ret(40));
  expect_doubt(1, walk_here());
}

TEST_F(WalkFrameTableChain, C16_DoubtsARegionWithoutATable) {
  context.frame_table = nullptr;
  expect_doubt(0, walk_here());
}

TEST_F(WalkFrameTableChain, C7_C16_SaysSoBesideWhatAnotherWitnessSays) {
  context.frame_table = nullptr;
  context.witnesses.call_site = true;
  for (const unsigned number : {0U, 1U, 2U, 3U, 6U}) memory.set_instruction(code::ret(number) - 4, 0xd503'201f);  // nop
  const Walked walked = walk_here();
  EXPECT_EQ(text(walked.frames.at(1).evidence), text(disagrees | EvidenceBit::call_site_disagrees)) << text(walked);
}

// Behind a frame of any size sp is known again, by its own row.
TEST_F(WalkFrameTableChain, T19_GoesOnBehindAFrameOfAnySize) {
  functions({by_sp(0, 32, 0),
             by_sp(1, 48, 16),
             with_record(2),
             by_sp(3, 32, 16),
             {.start = code::function(6), .size = 0x100, .rows = {{}}}});
  expect_doubt(3, walk_here());
}

TEST_F(WalkFrameTableChain, T2_DoubtsAnOutermostFunctionElsewhere) {
  task.set(1, code::ret(6));
  expect_doubt(1, walk_here());
}

// Where the record would be that of function 3 is the final one, which no function like that makes.
TEST_F(WalkFrameTableChain, T2_DoubtsAnotherFunctionInThePlaceOfTheOutermost) {
  task.set(19, code::ret(3));
  expect_doubt(4, walk_here());
  EXPECT_EQ(walk_here().frames.at(4).pc, code::ret(3));
}

// A kernel whose final record is one of zeros, which its outermost function has made.
TEST_F(WalkFrameTableChain, T1_TakesAnUntypedFinalRecordForThatOfTheOutermost) {
  task.set(19, code::ret(3));
  context.exception.typing = RecordTyping::untyped;
  EXPECT_TRUE(walk_here().verdict.is_reliable()) << text(walk_here());
}

// The end of the frame is none: sp is not public there.
TEST_F(WalkFrameTableChain, X15_DoubtsAFrameWithoutAnEnd) {
  functions({by_sp(0, 40, 0),
             by_sp(1, 48, 16),
             with_record(2),
             by_sp(3, 16, 0),
             {.start = code::function(6), .size = 0x100, .rows = {{}}}});
  EXPECT_FALSE(walk_here().verdict.is_reliable());
}

TEST_F(WalkFrameTableChain, G1_GoesOnThroughARewrittenReturnAddress) {
  task.set(1, code::handler);
  push(code::ret(1), "b");
  EXPECT_TRUE(walk_here().verdict.is_reliable());
  task.set(0, "c");
  EXPECT_TRUE(walk_here().verdict.evidence.has(EvidenceBit::return_address_unresolved));
}

TEST_F(WalkFrameTableChain, X1_GoesOnThroughAnException) {
  interrupted_.lr = code::ret(1);
  const Walked walked = walk_at(code::function(0) + 0x30, "a", task.base());
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
  task.set(0, "c");
  const Walked skipped = walk_at(code::function(0) + 0x30, "a", task.base());
  EXPECT_TRUE(skipped.verdict.evidence.has(disagrees)) << text(skipped);
}

// A leaf, its caller by lr and sp; and that one's caller by its record.
TEST_F(WalkFrameTableChain, X1_GoesOnBehindALeaf) {
  interrupted_.lr = code::ret(0);
  const Walked walked = walk_at(code::function(5), "a", task.base());
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
  task.set(0, "c");
  EXPECT_FALSE(walk_at(code::function(5), "a", task.base()).verdict.is_reliable());
}

// In the trampoline sp is its own: function 1, to which it returns, has its record where the entry says.
TEST_F(WalkFrameTableChain, R1_DoesNotTakeATrampolinesSpForItsCallers) {
  context.special_ranges = ruled_table().make().value();
  push(code::ret(1), "b");
  const Walked walked = walk_at(code::handler, "b", address("b") - 32);
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
}

// A function that switched stacks: its record is on another one, where its row by x29 finds it.
TEST_F(WalkFrameTableChain, T16_GoesOnOnAnotherStack) {
  const SectionFunction switches{
      .start = code::function(0), .size = 0x100, .rows = {{.base = Base::fp, .words = {32, -24, -32}}}};
  functions({switches,
             by_sp(1, 48, 16),
             with_record(2),
             by_sp(3, 16, 0),
             {.start = code::function(6), .size = 0x100, .rows = {{}}}});
  irq.junk(2).record("y", "a", code::ret(0));
  const Walked walked = walk(Start::at_call({.fp = address("y"), .sp = address("y"), .pc = code::ret(3)}));
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
}

}  // namespace
}  // namespace surefoot::testing
