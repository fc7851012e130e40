// SPDX-License-Identifier: MIT
//
// Rules of a frame table that do not fit what is in memory, or that lead onto another stack (hazards X9, X15).
#include "support/frame_table_scene.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

// X9, X15: what the registers hold does not fit the row. Nothing is read outside of the frame then, and the record of F
// is followed as if there were no row.
class WalkFrameTableMisfit : public FrameTableScene {
 protected:
  WalkFrameTableMisfit() {
    irq.mark("irq").junk(4);
    task.junk(2).mark("sp").record("f", "p", ret(2)).junk(2);
    p_and_above();
  }
  // fp is as it should be.
  void expect_misfit(SectionRow row, const Ref& sp = "sp") {
    interrupted_.lr = ret(9);
    rows({std::move(row)});
    expect_by_record("f", walk_at(f, "f", sp));
  }
  // It is as useless as the row.
  void expect_stop_by(SectionRow row, StopReason reason, const Ref& at, const Ref& fp) {
    interrupted_.lr = ret(9);
    rows({std::move(row)});
    expect_stop(reason, at, walk_at(f, fp, "sp"));
  }
};

TEST_F(WalkFrameTableMisfit, X9_RefusesACallersSpThatIsNotOnTheStack) {
  const auto words = [](std::int32_t cfa) { return SectionRow{.words = {cfa}, .word_width = 4}; };
  expect_misfit(words(0x1000));
  expect_misfit(words(0x7fff'fff0));
  expect_misfit(words(-16));  // below sp
  expect_misfit(words(-0x7000'0020));
  // Of an fp that is garbage.
  const SectionRow pair{.base = Base::fp, .words = {32, -24, -32}};
  expect_stop_by(pair, StopReason::off_stack, 0, 0);
  expect_stop_by(pair, StopReason::off_stack, ~std::uint64_t{7}, ~std::uint64_t{7});
  expect_stop_by(pair, StopReason::misaligned_record, Ref("f", 4), Ref("f", 4));
  expect_stop_by(pair, StopReason::not_above_previous, Ref("sp", -16), Ref("sp", -16));
}

TEST_F(WalkFrameTableMisfit, X9_RefusesACallersSpThatIsNotAligned) {
  expect_misfit({.words = {8}});
  expect_misfit({.words = {1}});
  expect_misfit({.words = {0}}, Ref("sp", -8));
  expect_misfit({.words = {24, -16, -24}});
}

TEST_F(WalkFrameTableMisfit, X9_RefusesASlotThatIsNotAligned) {
  expect_misfit({.words = {32, -20, -32}});
  expect_misfit({.words = {32, -24, -31}});
  expect_misfit({.words = {16, -13}});
}

TEST_F(WalkFrameTableMisfit, X9_RefusesASlotThatIsNotOnTheStack) {
  expect_misfit({.words = {16, 0x1000, 0}, .word_width = 2});
  expect_misfit({.words = {16, 0, 0x1000}, .word_width = 2});
}

TEST_F(WalkFrameTableMisfit, X9_RefusesASlotThatStraddlesTheTopOfTheStack) {
  const std::uint64_t straddling = task.end();
  task.junk(1);
  const std::vector<Stack> cut{{.range = AddressRange(task.base(), straddling + 4)}};
  context.stacks = cut;
  const auto offset = static_cast<std::int32_t>(straddling - address(Ref("sp", 16)));
  expect_misfit({.words = {16, offset}, .word_width = 2});
}

TEST_F(WalkFrameTableMisfit, T7_RefusesACallersRecordInsideOfTheFrame) {
  task.set(2, "f");  // F's record names itself
  rows({{.base = Base::fp, .words = {32, -24, -32}}});
  expect(unreliable({boundary(f), by_table(ret(2))},
                    {.stop = StopReason::not_above_previous, .stop_at = address("f"), .first_doubtful = 2}),
         walk_at(f, "f", "sp"));
}

TEST_F(WalkFrameTableMisfit, T5_RefusesAPairOfWhichAWordIsZero) {
  for (const std::size_t word : {2U, 3U}) {
    task.set(2, "p");
    task.set(3, ret(2));
    task.set(word, 0);
    expect_stop_by({.words = {32, -24, -32}}, StopReason::half_zero_record, "f", "f");
  }
}

TEST_F(WalkFrameTableMisfit, C1_DoubtsACallerThatIsNoText) {
  rows({{.words = {32, -24, -32}}});
  for (const std::uint64_t pc : {code::text_end + 4, ret(2) + 1, std::uint64_t{4}}) {
    task.set(3, pc);
    const Walked walked = walk_at(f, "f", "sp");
    EXPECT_EQ(text(walked.frames.at(1).evidence), "not_text") << std::hex << pc;
    EXPECT_EQ(walked.frames.size(), 4U);
    EXPECT_FALSE(walked.verdict.is_reliable());
  }
  rows({{.words = {0}}});
  interrupted_.lr = brand(30);
  EXPECT_TRUE(walk_at(f, "p", "sp").verdict.evidence.has(EvidenceBit::not_text));
}

// An overflow: its frame would be below the stack. The records above are as good as without a table.
TEST_F(WalkFrameTableMisfit, X1_T10_FollowsTheRecordsWhenSpIsOnNoStack) {
  rows({{.words = {64}}});
  interrupted_.lr = ret(2);
  expect(unreliable({boundary(f, EvidenceBit::unknown_interrupted_code), from_record(ret(3)), from_record(ret(4))},
                    {.stop_at = address("final")}),
         walk_at(f, "p", task.base() - 16));
}

TEST_F(WalkFrameTableMisfit, T15_StopsAtASlotThatCannotBeRead) {
  for (const std::int64_t offset : {0, 8}) {
    log.refused = {address(Ref("f", offset))};
    expect_stop_by({.words = {32, -24, -32}}, StopReason::unreadable, Ref("f", offset), "f");
  }
}

TEST_F(WalkFrameTableMisfit, T15_FollowsTheRecordWhenASlotElsewhereCannotBeRead) {
  log.refused = {address(Ref("f", 16))};
  expect_misfit({.words = {32, -16, -32}});
}

TEST_F(WalkFrameTableMisfit, T5_FollowsTheRecordWhenASlotElsewhereIsZero) {
  task.set(4, 0);
  expect_misfit({.words = {32, -16, -32}});
  expect_misfit({.words = {32, -24, -16}});
}

// X15: F has gone to another stack, and x29 still points to its record on the one that it came from.
class WalkSwitchedStack : public FrameTableScene {
 protected:
  WalkSwitchedStack() {
    irq.junk(2).mark("sp").junk(2);
    task.junk(2).record("f", "p", ret(2)).junk(2);
    p_and_above();
    rows({by_fp});
  }
  const SectionRow by_fp{.base = Base::fp, .words = {32, -24, -32}};
};

TEST_F(WalkSwitchedStack, X15_FollowsARuleOfTheFramePointerOntoAnotherStack) {
  expect_reliable(by_table(ret(2), EvidenceBit::changed_stack), walk_at(f, "f", "sp"));
}

TEST_F(WalkSwitchedStack, X15_ShowsEveryFrameUnderStrict) {
  const Walked exact = walk_at(f, "f", "sp");
  context.policy = Policy::strict;
  expect(unreliable(exact.frames, {.stop_at = address("final")}), walk_at(f, "f", "sp"));
}

TEST_F(WalkSwitchedStack, X15_RestoresAHookOnTheOtherStack) {
  task.set(3, code::handler);
  push(ret(2), "p");
  expect_reliable(from_return_stack(ret(2), EvidenceBit::changed_stack), walk_at(f, "f", "sp"));
}

// The chain begins on the overflow stack, and leaves it for the one of sp.
TEST_F(WalkSwitchedStack, X15_DoesNotFollowARuleOntoAStackThatItHasLeft) {
  overflow.record("a", "e", ret(1)).exception_frame("e", {.pc = f, .fp = "back", .sp = "sp"});
  overflow.record("back", "p", ret(2)).junk(2);
  const Walked walked = walk(Start::at_call({.fp = address("a"), .sp = overflow.base(), .pc = ret(0)}));
  EXPECT_EQ(walked.frames.size(), 3U) << text(walked);
  EXPECT_STREQ(to_string(walked.verdict.stop), "stack_reentered");
  EXPECT_EQ(walked.verdict.stop_at, address("back"));
}

TEST_F(WalkSwitchedStack, X15_DoesNotFollowARuleOfSpOntoAnotherStack) {
  const auto offset = static_cast<std::int32_t>(address(Ref("f", 8)) - address("sp"));
  const auto by_record = [this](const Walked& walked) {
    std::vector<Frame> frames{boundary(f),
                              from_record(ret(2), EvidenceBit::unknown_interrupted_code | EvidenceBit::changed_stack),
                              from_record(ret(3)), from_record(ret(4))};
    expect(unreliable(frames, {.stop_at = address("final"), .first_doubtful = 1}), walked);
  };
  rows({{.words = {16, offset - 16, offset - 24}, .word_width = 4}});
  by_record(walk_at(f, "f", "sp"));
  rows({{.words = {16, offset - 16}, .word_width = 4}});
  by_record(walk_at(f, "f", "sp"));
}

TEST_F(WalkSwitchedStack, X15_DoesNotFollowARuleWhosePartsAreOnDifferentStacks) {
  const auto away = static_cast<std::int32_t>(address("sp") - address("f"));
  for (const SectionRow& row : {SectionRow{.base = Base::fp, .words = {32, -24, away - 32}, .word_width = 4},
                                SectionRow{.base = Base::fp, .words = {32, away - 32, -32}, .word_width = 4},
                                SectionRow{.base = Base::fp, .words = {away, 8 - away, -away}, .word_width = 4}}) {
    rows({row});
    const Walked walked = walk_at(f, "f", "sp");
    EXPECT_EQ(text(walked.frames.at(1).evidence), "changed_stack,unknown_interrupted_code") << text(walked);
    EXPECT_EQ(walked.frames.size(), 4U);
    EXPECT_FALSE(walked.verdict.is_reliable());
  }
}

// Below sp lies what the exception has overwritten, on sp's own stack only.
TEST_F(WalkSwitchedStack, X15_X10_ReadsNothingBelowTheInterruptedSpOfItsOwnStack) {
  irq.set(0, "p");
  irq.set(1, ret(2));
  const Walked walked = walk_at(f, Ref("sp", -16), "sp");
  EXPECT_EQ(walked.frames.size(), 1U) << text(walked);
  EXPECT_STREQ(to_string(walked.verdict.stop), "not_above_previous");
  EXPECT_TRUE(log.addresses.empty());
}

}  // namespace
}  // namespace surefoot::testing
