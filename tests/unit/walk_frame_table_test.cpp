// SPDX-License-Identifier: MIT
//
// Walks from ordinary code that an exception interrupted, by what a frame table says of it: function 3 called P
// (function 2), which called F (function 1), and F is interrupted.
#include "support/frame_table_scene.hpp"

namespace surefoot::testing {
namespace {

using code::function;
using code::ret;

class WalkFrameTable : public FrameTableScene {};

constexpr std::uint64_t pac_bits = 0x005a'0000'0000'0000;

// E12: until F has its record, and in a leaf for all of its time. P's pc is in the link register, its fp in x29.
TEST_F(WalkFrameTable, E12_TakesTheCallerFromTheLinkRegister) {
  task.mark("sp");
  p_and_above();
  rows({{.words = {0}}});
  interrupted_.lr = ret(2);
  expect_reliable(by_lr(ret(2)), walk_at(f, "p", "sp"));
  expect_reliable(by_lr(ret(2)), walk_at(f + 0xfc, "p", "sp"));
}

TEST_F(WalkFrameTable, E12_TakesTheCallerFromTheLinkRegisterAboveALoweredSp) {
  task.mark("sp").junk(4);
  p_and_above();
  rows({{.start = 0, .words = {0}}, {.start = 4, .words = {32}}});
  interrupted_.lr = ret(2);
  expect_reliable(by_lr(ret(2)), walk_at(f + 4, "p", "sp"));
}

TEST_F(WalkFrameTable, E12_RestoresALinkRegisterThatIsAHook) {
  task.mark("sp");
  p_and_above();
  push(ret(2), "p");
  rows({{.words = {0}}});
  interrupted_.lr = code::handler;
  expect_reliable(from_return_stack(ret(2)), walk_at(f + 8, "p", "sp"));
}

// E14: after the epilogue's ldp, whatever was signed.
TEST_F(WalkFrameTable, E14_StripsAndRestoresTheLinkRegister) {
  context.pac = PointerAuthMask::for_address_bits(48);
  task.mark("sp");
  p_and_above();
  rows({{.words = {0}, .is_signed = true}});
  interrupted_.lr = ret(2) | pac_bits;
  expect_reliable(by_lr(ret(2)), walk_at(f + 0xf8, "p", "sp"));
  push(ret(2) | pac_bits, "p");
  interrupted_.lr = code::handler | pac_bits;
  expect_reliable(from_return_stack(ret(2)), walk_at(f + 0xf8, "p", "sp"));
}

// Between stp and mov: the record is there, x29 is still P's, and the link register says the same.
TEST_F(WalkFrameTable, TakesTheCallerFromAPairThatFHasNotMadeItsRecordYet) {
  task.mark("sp").record("f", "p", ret(2)).junk(2);
  p_and_above();
  rows({{.words = {32, -24, -32}}});
  interrupted_.lr = ret(9);
  expect_reliable(by_table(ret(2)), walk_at(f + 4, "p", "sp"));
}

TEST_F(WalkFrameTable, TakesTheCallerFromAPairThatX29PointsTo) {
  task.mark("sp").junk(4).record("f", "p", ret(2)).junk(2);
  p_and_above();
  rows({{.base = Base::fp, .words = {32, -24, -32}}});
  expect_reliable(by_table(ret(2)), walk_at(f + 0x20, "f", "sp"));
}

TEST_F(WalkFrameTable, TakesTheCallerFromTwoSlotsInAnyOrder) {
  task.mark("sp").junk(1).word(ret(2)).junk(3).word("p");
  p_and_above();
  rows({{.words = {48, -40, -8}}});
  expect_reliable(by_table(ret(2)), walk_at(f + 0x20, 0, "sp"));
}

// A leaf that uses x30 for something else, and leaves x29 alone.
TEST_F(WalkFrameTable, TakesThePcFromASlotAndLeavesTheFpAsItIs) {
  task.mark("sp").word(ret(2)).junk(1);
  p_and_above();
  rows({{.words = {16, -16}}});
  expect_reliable(by_table(ret(2)), walk_at(f + 0x20, "p", "sp"));
}

// E13: P's return address in F's record was rewritten; the link register is stale (X8) and uses up no entry.
TEST_F(WalkFrameTable, E13_RestoresAHookInAPairByItsKey) {
  task.mark("sp").record("f", "p", code::handler);
  p_and_above();
  push(ret(2), "p");
  rows({{.base = Base::fp, .words = {16, -8, -16}}});
  interrupted_.lr = code::handler;
  expect_reliable(from_return_stack(ret(2)), walk_at(f + 0x20, "f", "sp"));
}

TEST_F(WalkFrameTable, X8_IgnoresALinkRegisterThatTheRuleDoesNotName) {
  task.mark("sp").record("f", "p", ret(2));
  p_and_above();
  rows({{.base = Base::fp, .words = {16, -8, -16}}});
  interrupted_.lr = code::handler;
  expect_reliable(by_table(ret(2)), walk_at(f + 0x20, "f", "sp"));
}

// G15: a traced leaf's entry belongs to no record; those further up are matched by key.
TEST_F(WalkFrameTable, G15_MatchesTheEntryOfALeafAndThoseOfRecordsFurtherUp) {
  task.mark("sp").record("p", "g", code::handler).record("g", "final", code::handler).final_record();
  push(ret(4), "final");
  push(ret(3), "g");
  push(ret(2), "p");
  rows({{.words = {0}}});
  interrupted_.lr = code::handler;
  expect(reliable({boundary(f + 8), from_return_stack(ret(2)), from_return_stack(ret(3)), from_return_stack(ret(4))},
                  address("final")),
         walk_at(f + 8, "p", "sp"));
}

TEST_F(WalkFrameTable, G15_DoubtsALeafsEntryWithAnotherKey) {
  task.mark("sp");
  p_and_above();
  push(ret(2), "g");
  rows({{.words = {0}}});
  interrupted_.lr = code::handler;
  const Walked walked = walk_at(f + 8, "p", "sp");
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::return_address_unresolved));
  EXPECT_FALSE(walked.verdict.is_reliable());
}

// A function that is missing, which an entry knows of, is missed with a rule as well.
TEST_F(WalkFrameTable, G5_DoubtsAnEntryThatIsLeftOver) {
  task.mark("sp");
  p_and_above();
  push(ret(2), "p");
  rows({{.words = {0}}});
  interrupted_.lr = ret(2);
  const Walked walked = walk_at(f + 8, "p", "sp");
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::return_entry_left_over));
  EXPECT_FALSE(walked.verdict.is_reliable());
}

TEST_F(WalkFrameTable, X1_EndsInTheFunctionThatHasNoCaller) {
  task.mark("sp").final_record();
  rows({{.words = {}}});
  expect(reliable({boundary(f)}, address("final")), walk_at(f, "final", "sp"));
}

TEST_F(WalkFrameTable, T2_DoubtsAFunctionWithoutACallerWhoseRecordIsNotTheFinalOne) {
  task.mark("sp");
  p_and_above();
  rows({{.words = {}}});
  expect_by_record("p", walk_at(f, "p", "sp"));
}

// X1, X4: the boundaries are further up, on stacks of their own.
TEST_F(WalkFrameTable, X4_CrossesNestedBoundaries) {
  irq.record("a", "e", ret(10)).exception_frame("e", {.pc = f + 8, .fp = "h", .sp = 0x7800'0000, .lr = ret(11)});
  overflow.record("h", "e2", ret(12)).exception_frame("e2", {.pc = function(5) + 8, .fp = "f", .sp = "sp"});
  task.junk(2).mark("sp").record("f", "p", ret(2));
  p_and_above();
  functions({{.start = f, .size = 0x100, .rows = {{.words = {0}}}}, with_record(5), with_record(11)});
  const auto crossed = [](std::uint64_t pc) {
    Frame frame = boundary(pc, EvidenceBit::changed_stack);
    frame.source = Source::exception_frame;
    return frame;
  };
  expect(reliable({from_start(ret(0)), from_record(ret(10)), crossed(f + 8), by_lr(ret(11)), from_record(ret(12)),
                   crossed(function(5) + 8), by_table(ret(2)), from_record(ret(3)), from_record(ret(4))},
                  address("final")),
         walk(Start::at_call({.fp = address("a"), .sp = irq.base(), .pc = ret(0)})));
}

// The same trace, and another verdict.
TEST_F(WalkFrameTable, X1_LeavesStrictUnreliable) {
  task.mark("sp").record("f", "p", ret(2));
  p_and_above();
  rows({{.base = Base::fp, .words = {16, -8, -16}}});
  const Walked exact = walk_at(f + 0x20, "f", "sp");
  context.policy = Policy::strict;
  const Walked strict = walk_at(f + 0x20, "f", "sp");
  expect_reliable(by_table(ret(2)), exact);
  expect(unreliable(exact.frames, {.stop_at = address("final")}), strict);
}

TEST_F(WalkFrameTable, X1_DoubtsCodeThatTheTableDoesNotHave) {
  task.mark("sp");
  p_and_above();
  rows({{.words = {0}}});
  interrupted_.lr = ret(2);
  expect(unreliable(
             {boundary(function(20), EvidenceBit::unknown_interrupted_code), from_record(ret(3)), from_record(ret(4))},
             {.stop_at = address("final")}),
         walk_at(function(20), "p", "sp"));
}

// The rules of special code and of patch sites are closer to the code than the table's, and go first.
TEST_F(WalkFrameTable, GoesAfterSpecialCodeAndPatchSites) {
  task.mark("sp");
  p_and_above();
  functions({{.start = f, .size = 0x100, .rows = {{.words = {}}}},
             with_record(2),
             {.start = code::handler, .size = 8, .rows = {{.words = {}}}}});
  context.special_ranges = ruled_table().make().value();
  const std::array<std::uint64_t, 1> sites{f};
  context.patch_sites = PatchSites::make(sites, 0, 8).value();
  interrupted_.lr = ret(2);
  expect_reliable(by_lr(ret(2)), walk_at(f + 4, "p", "sp"));
  push(ret(2), "p");
  EXPECT_EQ(walk_at(code::handler, "p", "sp").frames.at(1).pc, ret(2));
}

// At a call, the record describes the code: the table, which knows where the caller is after an exception, is not
// asked.
TEST_F(WalkFrameTable, IsNotForReturnAddresses) {
  task.record("f", "p", f + 8);
  p_and_above();
  rows({{.words = {}}});
  expect(reliable({from_start(f + 8), from_record(f + 8), from_record(ret(3)), from_record(ret(4))}, address("final")),
         walk_from(f + 8, "f"));
}

// X10: some compilers' CFI leaves the pair below sp after an epilogue's ldp. The exception has overwritten it.
TEST_F(WalkFrameTable, X10_DoesNotReadASlotBelowTheInterruptedSp) {
  task.word("p").word(ret(2)).mark("sp");
  p_and_above();
  rows({{.words = {0, -8, -16}}});
  expect_by_record("p", walk_at(f + 0xf8, "p", "sp"));
  for (const std::uint64_t at : log.addresses) EXPECT_GE(at, address("sp"));
}

TEST_F(WalkFrameTable, X10_DoesNotReadTheLowerSlotWhenOnlyThatIsBelow) {
  task.junk(1).word("p").mark("sp").word(ret(2)).junk(1);
  p_and_above();
  rows({{.words = {16, -16, -24}}});
  expect_by_record("p", walk_at(f + 0xf8, "p", "sp"));
  for (const std::uint64_t at : log.addresses) EXPECT_GE(at, address("sp"));
}

}  // namespace
}  // namespace surefoot::testing
