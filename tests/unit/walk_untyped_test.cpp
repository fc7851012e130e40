// SPDX-License-Identifier: MIT
//
// Walks of kernels whose records have no types (hazards T1, T2, T5, T17, X13, X14): the final record is known by its
// place alone, and a boundary by the rule of the code that it was crossed in, or not at all.
#include "support/layouts.hpp"
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::pc;
using code::ret;

constexpr std::uint64_t in_entry = code::vectors.start() + 0x100;
constexpr auto entry = SpecialKind::exception_entry;

class WalkUntyped : public Scene {
 protected:
  WalkUntyped() { context.exception = compact_layout; }
  void use_entry_rule(Rule rule) {
    entry_ = RangeTable(code::text_end + 0x1000).add(code::vectors, entry, rule);
    context.special_ranges = entry_.make().value();
  }
  [[nodiscard]] Walked walk_chain() { return walk_from(ret(0), "a"); }

 private:
  RangeTable entry_{0};
};

TEST_F(WalkUntyped, T1_EndsAtTheFinalRecordAtItsDeclaredPlace) {
  task.record("a", "b", ret(1)).record("b", "final", ret(2)).record("final", 0, 0);  // at the very top
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2))}, address("final")), walk_chain());
}

TEST_F(WalkUntyped, T1_DoesNotLookAtAnyType) {
  for (std::uint64_t type = 0; type < 4; ++type) {
    SCOPED_TRACE(type);
    Memory picture;
    StackImage& stack = picture.add_stack(0x7000'0000, StackKind::task);
    stack.record("a", "final", ret(1)).metadata("final", type);
    const std::vector<Stack> stacks = picture.stacks();
    context.stacks = stacks;
    context.text = text_ranges;
    context.final_record_at = picture.resolve("final");
    const Start start = Start::at_call({.fp = stack.base(), .sp = stack.base(), .pc = ret(0)});
    expect(reliable({from_start(ret(0)), from_record(ret(1))}, context.final_record_at),
           checked_walk(start, context, picture, log));
  }
}

TEST_F(WalkUntyped, T2_T17_DoubtsARecordOfZerosAnywhereElse) {
  task.record("a", "zeros", ret(1)).record("zeros", 0, 0).record("end", 0, 0);
  const std::vector<Frame> frames{from_start(ret(0)), from_record(ret(1))};
  const Doubt doubt{.stop = StopReason::final_record_misplaced, .stop_at = address("zeros"), .first_doubtful = 2};
  for (const Ref& declared : {Ref("end"), Ref("a"), Ref("zeros", 8), Ref(0)}) {
    context.final_record_at = address(declared);
    expect(unreliable(frames, doubt), walk_chain());
  }
}

TEST_F(WalkUntyped, T5_DoubtsARecordThatIsHalfZero) {
  for (const bool is_fp : {false, true}) {
    Memory picture;
    StackImage& stack = picture.add_stack(0x7000'0000, StackKind::task);
    stack.record("a", "final", ret(1)).record("final", is_fp ? Ref("a") : Ref(0), is_fp ? 0 : ret(2));
    const std::vector<Stack> stacks = picture.stacks();
    context.stacks = stacks;
    context.text = text_ranges;
    context.final_record_at = picture.resolve("final");
    const Start start = Start::at_call({.fp = stack.base(), .sp = stack.base(), .pc = ret(0)});
    expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                      {.stop = StopReason::half_zero_record, .stop_at = context.final_record_at, .first_doubtful = 2}),
           checked_walk(start, context, picture, log));
  }
}

// The frame of compact_layout holds a plain record of the interrupted {fp, lr}: a chain that looks whole.
class WalkUntypedBoundary : public WalkUntyped {
 protected:
  WalkUntypedBoundary() {
    context.policy = Policy::exact;
    task.record("a", "h", ret(1)).record("h", "e", in_entry + 4);
    draw_frame(task, "e", compact_layout, {.pc = pc(2), .fp = "b", .lr = ret(5)});
    task.record("b", "final", ret(3)).record("final", 0, 0);
  }
  // The interrupted function is missing.
  void expect_invisible(Evidence at_entry, Evidence behind_it, std::size_t first_doubtful) {
    expect(unreliable({from_start(ret(0)), from_record(ret(1)), from_record(in_entry + 4, at_entry, entry),
                       from_record(ret(5), behind_it), from_record(ret(3))},
                      {.stop_at = address("final"), .first_doubtful = first_doubtful}),
           walk_chain());
  }
};

TEST_F(WalkUntypedBoundary, X13_DoubtsAPlainRecordBehindTheCallOfAHandler) {
  use_entry_rule({.pc = From::frame_record});
  expect_invisible(EvidenceBit::in_special_range, EvidenceBit::unknown_interrupted_code, 3);
}

TEST_F(WalkUntypedBoundary, X13_DoubtsItWithoutARuleAsWell) {
  use_entry_rule({});
  expect_invisible(EvidenceBit::in_special_range | EvidenceBit::special_code_without_rule, {}, 2);
}

TEST_F(WalkUntypedBoundary, X14_CrossesItByTheRule) {
  use_entry_rule({.pc = From::exception_frame});
  expect(unreliable(
             {from_start(ret(0)), from_record(ret(1)), from_record(in_entry + 4, EvidenceBit::in_special_range, entry),
              interrupted(pc(2), Source::exception_frame), from_record(ret(3))},
             {.stop_at = address("final"), .first_doubtful = 3}),
         walk_chain());
}

// X4: a fault inside of the handler, whose frame is below the first one on the same stack.
TEST_F(WalkUntypedBoundary, X14_X4_CrossesNestedBoundaries) {
  use_entry_rule({.pc = From::exception_frame});
  irq.record("i", "e2", in_entry + 4);
  draw_frame(irq, "e2", compact_layout, {.pc = pc(7), .fp = "j", .lr = ret(8)});
  irq.record("j", "a", ret(9));
  const Frame at_entry = from_record(in_entry + 4, EvidenceBit::in_special_range, entry);
  Frame back_on_task = from_record(ret(1), EvidenceBit::changed_stack);
  expect(unreliable({from_start(ret(0)), at_entry, interrupted(pc(7), Source::exception_frame), from_record(ret(9)),
                     back_on_task, at_entry, interrupted(pc(2), Source::exception_frame), from_record(ret(3))},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk(Start::at_call({.fp = address("i"), .sp = irq.base(), .pc = ret(0)})));
}

// Entry code that is interrupted while x29 points to its frame's record.
TEST_F(WalkUntypedBoundary, X7_FollowsTheRuleOfEntryCodeThatIsInterrupted) {
  use_entry_rule({.pc = From::exception_frame});
  irq.record("i", "e2", in_entry + 4);
  draw_frame(irq, "e2", compact_layout, {.pc = in_entry + 8, .fp = "e", .lr = ret(8)});
  const Walked walked = walk(Start::at_call({.fp = address("i"), .sp = irq.base(), .pc = ret(0)}));
  ASSERT_EQ(walked.frames.size(), 5U);
  EXPECT_EQ(walked.frames[2].pc, in_entry + 8);
  EXPECT_EQ(walked.frames[3].pc, pc(2));
  EXPECT_EQ(walked.frames[3].source, Source::exception_frame);
}

// The rule is followed from a record that no entry code made, around which there is no room for a frame.
TEST_F(WalkUntypedBoundary, X14_DoubtsTheRuleAtARecordThatIsInNoFrame) {
  use_entry_rule({.pc = From::exception_frame});
  task.set(2, "b");
  expect(unreliable(
             {from_start(ret(0)), from_record(ret(1)), from_record(in_entry + 4, EvidenceBit::in_special_range, entry),
              from_record(ret(3), EvidenceBit::unknown_interrupted_code)},
             {.stop_at = address("final"), .first_doubtful = 3}),
         walk_chain());
}

// The same on another stack: what was noticed on the way to the record is not forgotten.
TEST_F(WalkUntypedBoundary, X14_T10_DoubtsTheRuleAtARecordThatIsInNoFrameOfAnotherStack) {
  use_entry_rule({.pc = From::exception_frame});
  irq.record("i", "b", in_entry + 4);
  expect(unreliable({from_start(ret(0)), from_record(in_entry + 4, EvidenceBit::in_special_range, entry),
                     from_record(ret(3), EvidenceBit::changed_stack | EvidenceBit::unknown_interrupted_code)},
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk(Start::at_call({.fp = address("i"), .sp = irq.base(), .pc = ret(0)})));
}

}  // namespace
}  // namespace surefoot::testing
