// SPDX-License-Identifier: MIT
//
// Callers that an interrupted function returns to by its link register, and that may have no record yet (hazard M2):
// function 3 (Q) called function 2 (P), which called function 1 (F), and F is interrupted. P is left by its own row.
#include "support/frame_table_scene.hpp"

namespace surefoot::testing {
namespace {

using code::function;
using code::ret;

class WalkCallersRow : public FrameTableScene {
 protected:
  WalkCallersRow() { interrupted_.lr = ret(2); }

  static SectionRow by_record() { return {.base = Base::fp, .words = {16, -8, -16}}; }
  static SectionRow leaf(std::int32_t cfa = 0) { return {.words = {cfa}}; }
  static SectionRow saved_pc() { return {.words = {16, -16}}; }
  static SectionRow saved_pair() { return {.words = {32, -8, -16}}; }

  // Rows of function 1, 2 and so on.
  void rows_of(const std::vector<SectionRow>& rows) {
    std::vector<SectionFunction> all;
    for (const SectionRow& row : rows) {
      all.push_back({.start = function(static_cast<unsigned>(all.size()) + 1), .size = 0x100, .rows = {row}});
    }
    functions(all);
  }
  // Q's record, and above it that of its caller.
  void q_and_above() { task.record("q", "g", ret(4)).record("g", "final", ret(5)).final_record(); }
  // P's frame, in which Q's address and frame pointer are; x29 is Q's.
  void saved_pair_of_p() { task.mark("sp").junk(2).word("q").word(ret(3)); }

  void expect_trace(const std::vector<Frame>& after_f, const Walked& walked) {
    std::vector<Frame> frames{boundary(f)};
    frames.insert(frames.end(), after_f.begin(), after_f.end());
    expect(reliable(frames, address("final")), walked);
  }
  // The trace that the records tell, with P or what P's record leads to in doubt.
  void expect_unknown(const std::vector<Frame>& after_f, std::size_t first_doubtful, const Walked& walked) {
    std::vector<Frame> frames{boundary(f)};
    frames.insert(frames.end(), after_f.begin(), after_f.end());
    expect(unreliable(frames, {.stop_at = address("final"), .first_doubtful = first_doubtful}), walked);
  }
  static constexpr Evidence unknown = EvidenceBit::unknown_interrupted_code;
};

TEST_F(WalkCallersRow, M2_LeavesACallerByItsRecordIfItsRowSaysSo) {
  task.mark("sp");
  p_and_above();
  for (const SectionRow& row : {by_record(), SectionRow{.base = Base::fp, .words = {96, -88, -96}}}) {
    rows_of({leaf(), row});  // nothing is known of what called P: nothing need be
    expect_trace({by_lr(ret(2)), from_record(ret(3)), from_record(ret(4))}, walk_at(f, "p", "sp"));
  }
}

// In terms of sp the row tells of a pair, which x29 points to.
TEST_F(WalkCallersRow, M2_LeavesACallerByThePairThatIsItsRecord) {
  task.mark("sp").junk(2);
  p_and_above();
  rows_of({leaf(), saved_pair()});
  expect_trace({by_lr(ret(2)), from_record(ret(3)), from_record(ret(4))}, walk_at(f, "p", "sp"));
}

TEST_F(WalkCallersRow, M2_LeavesACallerByAPairInItsFrame) {
  saved_pair_of_p();
  q_and_above();
  rows_of({leaf(), saved_pair(), by_record()});
  expect_trace({by_lr(ret(2)), by_table(ret(3)), from_record(ret(4)), from_record(ret(5))}, walk_at(f, "q", "sp"));
}

TEST_F(WalkCallersRow, M2_LeavesACallerByAReturnAddressInItsFrame) {
  task.mark("sp").word(ret(3)).junk(1);
  q_and_above();
  rows_of({leaf(), saved_pc(), by_record()});
  expect_trace({by_lr(ret(2)), by_table(ret(3)), from_record(ret(4)), from_record(ret(5))}, walk_at(f, "q", "sp"));
}

TEST_F(WalkCallersRow, M2_CountsTheCallersFrameFromBehindTheInterruptedOne) {
  task.mark("sp").junk(4).word(ret(3)).junk(1);
  q_and_above();
  rows_of({leaf(32), saved_pc(), by_record()});
  expect_trace({by_lr(ret(2)), by_table(ret(3)), from_record(ret(4)), from_record(ret(5))}, walk_at(f, "q", "sp"));
}

TEST_F(WalkCallersRow, M2_CountsTheCallersFrameFromTheSpOfAPatchSite) {
  saved_pair_of_p();
  q_and_above();
  rows_of({leaf(64), saved_pair(), by_record()});
  const std::array<std::uint64_t, 1> sites{f};
  context.patch_sites = PatchSites::make(sites, 0, 8).value();
  expect_trace({by_lr(ret(2)), by_table(ret(3)), from_record(ret(4)), from_record(ret(5))}, walk_at(f, "q", "sp"));
}

TEST_F(WalkCallersRow, M2_LeavesOneCallerAfterTheOtherUntilOneIsAtItsRecord) {
  task.mark("sp").word(ret(3)).junk(1);                                       // P keeps its return address
  task.junk(2).word("g").word(ret(4));                                        // Q has a pair
  task.word(ret(5)).junk(1);                                                  // function 4 keeps its return address
  task.record("g", "h", ret(6)).record("h", "final", ret(7)).final_record();  // function 5's record
  rows_of({leaf(), saved_pc(), saved_pair(), saved_pc(), by_record()});
  expect_trace(
      {by_lr(ret(2)), by_table(ret(3)), by_table(ret(4)), by_table(ret(5)), from_record(ret(6)), from_record(ret(7))},
      walk_at(f, 0x1234, "sp"));
}

TEST_F(WalkCallersRow, M2_EndsWithAPairThatIsCountedFromX29) {
  task.mark("sp").junk(2).mark("x29").junk(1).word(ret(3)).junk(3).word("q");
  q_and_above();
  rows_of({leaf(), {.base = Base::fp, .words = {48, -40, -8}}});  // of Q nothing is known
  expect_trace({by_lr(ret(2)), by_table(ret(3)), from_record(ret(4)), from_record(ret(5))}, walk_at(f, "x29", "sp"));
}

TEST_F(WalkCallersRow, M2_RestoresAHookInTheLinkRegisterFirst) {  // G1
  saved_pair_of_p();
  q_and_above();
  rows_of({leaf(), saved_pair(), by_record()});
  push(ret(2), "q");
  interrupted_.lr = code::handler;
  expect_trace({from_return_stack(ret(2)), by_table(ret(3)), from_record(ret(4)), from_record(ret(5))},
               walk_at(f, "q", "sp"));
}

TEST_F(WalkCallersRow, M2_RestoresAHookInACallersFrame) {  // G1
  task.mark("sp").junk(2).word("q").word(code::handler);
  q_and_above();
  rows_of({leaf(), saved_pair(), by_record()});
  push(ret(3), "q");
  expect_trace({by_lr(ret(2)), from_return_stack(ret(3)), from_record(ret(4)), from_record(ret(5))},
               walk_at(f, "q", "sp"));
}

TEST_F(WalkCallersRow, M2_EndsInACallerThatHasNoCaller) {
  task.mark("sp").final_record();
  rows_of({leaf(), {.words = {}}});
  expect_trace({by_lr(ret(2))}, walk_at(f, "final", "sp"));
}

TEST_F(WalkCallersRow, M2_LooksTheRowUpAtTheCall) {  // C3
  task.mark("sp");
  p_and_above();
  interrupted_.lr = function(3);  // P ends in the call
  rows_of({leaf(), by_record(), leaf()});
  expect_trace({by_lr(function(3)), from_record(ret(3)), from_record(ret(4))}, walk_at(f, "p", "sp"));
}

TEST_F(WalkCallersRow, M2_FollowsTheRecordWithoutATable) {
  task.mark("sp");
  p_and_above();
  const std::array<std::uint64_t, 1> sites{f};
  context.patch_sites = PatchSites::make(sites, 0, 8).value();
  expect_trace({by_lr(ret(2)), from_record(ret(3)), from_record(ret(4))}, walk_at(f, "p", "sp"));
}

// The record may be the one of P's caller: then Q would be missing.
TEST_F(WalkCallersRow, M2_DoubtsACallerWithoutARow) {
  task.mark("sp");
  p_and_above();
  rows_of({leaf()});
  expect_unknown({by_lr(ret(2), unknown), from_record(ret(3)), from_record(ret(4))}, 1, walk_at(f, "p", "sp"));
}

TEST_F(WalkCallersRow, M2_DoubtsACallerWhoseRowNamesTheLinkRegister) {
  task.mark("sp");
  p_and_above();
  rows_of({leaf(), leaf()});
  expect_unknown({by_lr(ret(2), unknown), from_record(ret(3)), from_record(ret(4))}, 1, walk_at(f, "p", "sp"));
}

TEST_F(WalkCallersRow, M2_DoubtsTheNextCallerWithoutARow) {
  task.mark("sp").word(ret(3)).junk(1);
  q_and_above();
  rows_of({leaf(), saved_pc()});
  expect_unknown({by_lr(ret(2)), by_table(ret(3), unknown), from_record(ret(4)), from_record(ret(5))}, 2,
                 walk_at(f, "q", "sp"));
}

TEST_F(WalkCallersRow, M2_DoubtsACallerThatHasNoCallerAndNoFinalRecord) {
  task.mark("sp");
  p_and_above();
  rows_of({leaf(), {.words = {}}});
  expect_unknown({by_lr(ret(2)), from_record(ret(3), unknown), from_record(ret(4))}, 2, walk_at(f, "p", "sp"));
}

TEST_F(WalkCallersRow, M2_X15_FollowsTheRecordWhereTheCallersRowDoesNotFit) {
  task.mark("sp").junk(2).word(0).word(ret(3));
  p_and_above();
  rows_of({leaf(), saved_pair(), by_record()});
  expect_unknown({by_lr(ret(2)), from_record(ret(3), unknown), from_record(ret(4))}, 2, walk_at(f, "p", "sp"));
}

class WalkCallersRowOfSpecialCode : public WalkCallersRow {
 protected:
  WalkCallersRowOfSpecialCode() { context.special_ranges = ruled_table().make().value(); }
  static Frame in_veneer() {
    Frame frame = from_start(code::veneer.start(), EvidenceBit::crossed_exception | EvidenceBit::in_special_range,
                             SpecialKind::veneer);
    frame.kind = CodeAddress::Kind::exact;
    return frame;
  }
  static Frame resumed_by_x9() {
    Frame frame = from_record(f + 8);
    frame.kind = CodeAddress::Kind::exact;
    frame.source = Source::x9;
    return frame;
  }
};

TEST_F(WalkCallersRowOfSpecialCode, M2_LeavesItsCallerByTheRecordIfItsRowSaysSo) {
  task.mark("sp");
  p_and_above();
  rows_of({leaf(), by_record()});
  expect(reliable({in_veneer(), by_lr(ret(2)), from_record(ret(3)), from_record(ret(4))}, address("final")),
         walk_at(code::veneer.start(), "p", "sp"));
}

// A rule of special code need not tell where its caller's sp is. Two neighbouring slots may be a record that x29 does
// not point to yet.
TEST_F(WalkCallersRowOfSpecialCode, M2_DoubtsItsCallerIfThatIsCountedFromAnUnknownSp) {
  task.mark("sp").junk(2).word("p").word(ret(3));
  p_and_above();
  for (const SectionRow& row :
       {saved_pair(), SectionRow{.words = {32, -16, -8}}, SectionRow{.words = {32, -8, -24}}, saved_pc()}) {
    rows_of({leaf(), row, by_record()});
    expect(unreliable({in_veneer(), by_lr(ret(2), unknown), from_record(ret(3)), from_record(ret(4))},
                      {.stop_at = address("final"), .first_doubtful = 1}),
           walk_at(code::veneer.start(), "p", "sp"));
  }
}

// Counted from the interrupted sp, the pair would be the record that x29 points to. P's sp may be another.
TEST_F(WalkCallersRowOfSpecialCode, M2_DoesNotTakeTheInterruptedSpForItsCallers) {
  task.mark("sp").junk(2);
  p_and_above();
  rows_of({leaf(), saved_pair()});
  expect(unreliable({in_veneer(), by_lr(ret(2), unknown), from_record(ret(3)), from_record(ret(4))},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk_at(code::veneer.start(), "p", "sp"));
}

TEST_F(WalkCallersRowOfSpecialCode, M2_CountsItsCallersFrameFromTheSpThatItsRuleTells) {
  task.junk(2).mark("sp").junk(2);
  task.junk(2).word("q").word(ret(3));
  q_and_above();
  const RangeTable ranges =
      RangeTable(code::text_end + 0x1'0000)
          .add(code::veneer, SpecialKind::veneer, {.pc = From::link_register, .base = Base::sp, .cfa_offset = 16});
  context.special_ranges = ranges.make().value();
  rows_of({leaf(), saved_pair(), by_record()});
  expect(reliable({in_veneer(), by_lr(ret(2)), by_table(ret(3)), from_record(ret(4)), from_record(ret(5))},
                  address("final")),
         walk_at(code::veneer.start(), "q", "sp"));
}

// E11: the trampoline goes on in F by x9, and F returns to P by the link register.
TEST_F(WalkCallersRowOfSpecialCode, M2_AsksTheRowOfTheCallerOfAResumedFunction) {
  task.mark("sp").junk(2).word("p").word(ret(3));
  p_and_above();
  const std::uint64_t in_tail = code::ftrace_tail.start() + 0x10;
  interrupted_.x[9] = f + 8;
  Frame start = in_veneer();
  start.pc = in_tail;
  start.special = SpecialKind::ftrace_trampoline;
  rows_of({leaf(), by_record()});
  expect(reliable({start, resumed_by_x9(), by_lr(ret(2)), from_record(ret(3)), from_record(ret(4))}, address("final")),
         walk_at(in_tail, "p", "sp"));
  rows_of({leaf(), saved_pc(), by_record()});
  expect(unreliable({start, resumed_by_x9(), by_lr(ret(2), unknown), from_record(ret(3)), from_record(ret(4))},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_at(in_tail, "p", "sp"));
}

TEST_F(WalkCallersRowOfSpecialCode, M2_GoesByTheRuleOfACallerThatIsSpecialItself) {
  task.mark("sp");
  p_and_above();
  rows_of({leaf()});
  const std::uint64_t in_entry = code::vectors.start() + 0x20;  // its rule: the record
  interrupted_.lr = in_entry;
  Frame entry = by_lr(in_entry, EvidenceBit::in_special_range);
  entry.special = SpecialKind::exception_entry;
  expect_trace({entry}, walk_at(f, "final", "sp"));
}

TEST_F(WalkCallersRowOfSpecialCode, M2_AsksNoRowOfAHookThatStaysUnresolved) {  // G3
  task.mark("sp");
  p_and_above();
  functions({{.start = f, .size = 0x100, .rows = {leaf()}},
             {.start = code::handler - 0x100, .size = 0x200, .rows = {leaf()}}});
  interrupted_.lr = code::handler;
  Frame hook = unresolved(code::handler);
  hook.source = Source::link_register;
  hook.evidence =
      EvidenceBit::return_address_unresolved | EvidenceBit::in_special_range | EvidenceBit::special_code_without_rule;
  expect(unreliable({boundary(f), hook, from_record(ret(3)), from_record(ret(4))},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk_at(f, "p", "sp"));
}

}  // namespace
}  // namespace surefoot::testing
