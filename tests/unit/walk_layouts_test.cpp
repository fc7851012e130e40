// SPDX-License-Identifier: MIT
//
// Walks through the exception frames of other kernels, laid out as they lay them out (hazards X0, X1, X3, X11 to X14):
// with plain records, which a special range around the handler's call makes known, or with typed ones.
#include "support/frame_table_section.hpp"
#include "support/layouts.hpp"
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::pc;
using code::ret;

constexpr std::uint64_t handler_call = code::vectors.start() + 0x100;
constexpr std::uint64_t after_handler_call = handler_call + 4;
constexpr auto entry = SpecialKind::exception_entry;
constexpr Evidence crossed = EvidenceBit::crossed_exception;
constexpr Evidence special = EvidenceBit::in_special_range;
constexpr Evidence unknown = EvidenceBit::unknown_interrupted_code;

// The kernel's entry code: the handler's call, whose rule is given, in the middle of code without one.
RangeTable entry_table(Rule rule) {
  return RangeTable(code::text_end + 0x1000)
      .add(code::vectors.start(), handler_call, entry)
      .add(handler_call, handler_call + 4, entry, rule)
      .add(handler_call + 4, code::vectors.end(), entry)
      .add(code::veneer, SpecialKind::veneer, {.pc = From::x9});
}

class WalkLayouts : public Scene, public ::testing::WithParamInterface<ExceptionLayout> {
 protected:
  WalkLayouts() {
    context.special_ranges = by_frame_.make().value();
    context.policy = Policy::exact;
    // Function 2 has a record, function 4 leaves its caller in the link register, function 6 stores it where sp points.
    section_ =
        make_section({{.start = code::function(2), .size = 0x100, .rows = {{.base = Base::fp, .words = {16, -8, -16}}}},
                      {.start = code::function(4), .size = 0x100, .rows = {{.words = {0}}}},
                      {.start = code::function(6), .size = 0x100, .rows = {{.words = {16, -8, -16}}}}});
    table_ = FrameTable::make(section_, SectionForm{}.address).value();
    context.frame_table = &*table_;
    use(linux_6_13_layout);
  }
  void use(const ExceptionLayout& layout) { context.exception = layout; }
  [[nodiscard]] bool is_typed() const { return context.exception.typing == RecordTyping::typed; }

  // The handler's chain, and below it on the same stack the frame of what it interrupted.
  void draw_handler(const SavedRegisters& saved) {
    task.record("a", "h", ret(1)).junk(2).record("h", "e", after_handler_call).junk(2);
    draw_frame(task, "e", context.exception, saved);
  }
  void draw_interrupted() { task.record("b", "final", ret(3)).final_record(); }
  [[nodiscard]] Walked walk_handler() { return walk_from(ret(0), "a"); }

  // The handler's frames, and then these.
  [[nodiscard]] static std::vector<Frame> behind_handler(std::vector<Frame> frames, Evidence at_call = special) {
    frames.insert(frames.begin(),
                  {from_start(ret(0)), from_record(ret(1)), from_record(after_handler_call, at_call, entry)});
    return frames;
  }
  [[nodiscard]] static Frame boundary(std::uint64_t at, Evidence also = {}, Source source = Source::exception_frame) {
    Frame frame = interrupted(at, source);
    frame.evidence = crossed | also;
    return frame;
  }
  [[nodiscard]] static Frame from(Source source, std::uint64_t at, Evidence evidence = {}) {
    Frame frame = from_record(at, evidence);
    frame.source = source;
    return frame;
  }

 private:
  const RangeTable by_frame_ = entry_table({.pc = From::exception_frame});
  SectionBytes section_;
  std::optional<FrameTable> table_;
};

class WalkEveryLayout : public WalkLayouts {
 protected:
  WalkEveryLayout() { use(GetParam()); }
  // The walk up to the frame, and what its record says of its caller if that is plain: {fp, lr} or {fp, pc}.
  void expect_frame_without_room(std::vector<Frame> frames, const Walked& walked) const {
    Doubt doubt{
        .stop = StopReason::exception_frame_off_stack, .stop_at = address("e"), .first_doubtful = frames.size()};
    if (!is_typed()) {
      const bool is_pair = context.exception.record == context.exception.fp;
      const bool changes_stack = address("e") < task.base();
      frames.push_back(from_record(is_pair ? ret(5) : pc(2), unknown));
      frames.push_back(from_record(ret(3), changes_stack ? EvidenceBit::changed_stack : Evidence()));
      doubt = {.stop_at = address("final"), .first_doubtful = doubt.first_doubtful};
    }
    expect(unreliable(std::move(frames), doubt), walked);
  }
};

INSTANTIATE_TEST_SUITE_P(Of, WalkEveryLayout,
                         ::testing::Values(ExceptionLayout(), compact_layout, linux_6_1_layout, linux_6_13_layout));

TEST_P(WalkEveryLayout, X14_X1_CrossesABoundaryByTheRuleOfTheHandlersCall) {
  draw_handler({.pc = pc(2), .fp = "b", .sp = "e.end"});
  task.record("b", "c", ret(4)).record("c", "final", ret(3)).final_record();
  const std::vector<Frame> frames =
      behind_handler({boundary(pc(2)), from(Source::frame_table, ret(4)), from_record(ret(3))});
  expect(reliable(frames, address("final")), walk_handler());
  context.policy = Policy::strict;
  expect(unreliable(frames, {.stop_at = address("final"), .first_doubtful = 2}), walk_handler());
}

TEST_P(WalkEveryLayout, X14_X1_DoubtsABoundaryWithoutARuleForTheInterruptedCode) {
  draw_handler({.pc = pc(9), .fp = "b", .sp = "e.end"});
  draw_interrupted();
  expect(unreliable(behind_handler({boundary(pc(9), unknown), from_record(ret(3))}),
                    {.stop_at = address("final"), .first_doubtful = 3}),
         walk_handler());
}

TEST_P(WalkEveryLayout, X14_FindsTheLinkRegister) {
  draw_handler({.pc = pc(4), .fp = "b", .sp = "e.end", .lr = ret(5)});
  draw_interrupted();
  // Function 5 is not in the table: its own row is not known.
  expect(
      unreliable(behind_handler({boundary(pc(4)), from(Source::link_register, ret(5), unknown), from_record(ret(3))}),
                 {.stop_at = address("final"), .first_doubtful = 4}),
      walk_handler());
}

TEST_P(WalkEveryLayout, X14_FindsX9) {
  const std::uint64_t in_veneer = code::veneer.start();
  draw_handler({.pc = in_veneer, .fp = "b", .sp = "e.end", .x9 = ret(5)});
  draw_interrupted();
  const Walked walked = walk_handler();
  ASSERT_EQ(walked.frames.size(), 6U);
  EXPECT_EQ(walked.frames[4].pc, ret(5));
  EXPECT_EQ(walked.frames[4].source, Source::x9);
}

// Where sp is not saved, the interrupted stack begins above the frame: function 6's slots are there.
TEST_P(WalkEveryLayout, X14_FindsTheSlotsAtTheInterruptedSp) {
  draw_handler({.pc = pc(6), .fp = 0x1234'5678, .sp = "e.end"});
  task.word("b").word(ret(7));
  draw_interrupted();
  expect(reliable(behind_handler({boundary(pc(6)), from(Source::frame_table, ret(7)), from_record(ret(3))}),
                  address("final")),
         walk_handler());
}

TEST_P(WalkEveryLayout, X14_X11_NoticesASavedPstateOfEl0BelowAHandler) {
  draw_handler({.pc = pc(2), .fp = "b", .sp = "e.end", .pstate = pstate_el0t});
  draw_interrupted();
  expect(unreliable(behind_handler({boundary(pc(2), EvidenceBit::interrupted_el0), from(Source::frame_table, ret(3))}),
                    {.stop_at = address("final"), .first_doubtful = 3}),
         walk_handler());
  context.exception.pstate = ExceptionLayout::absent;
  EXPECT_TRUE(walk_handler().verdict.is_reliable());
}

// A register that is absent makes the rules that need it unknown. No frame is missing for that.
TEST_P(WalkEveryLayout, X14_DoubtsARuleOfARegisterThatIsAbsent) {
  draw_handler({.pc = pc(4), .fp = "b", .sp = "e.end", .lr = ret(5)});
  draw_interrupted();
  context.exception.lr = ExceptionLayout::absent;
  expect(unreliable(behind_handler({boundary(pc(4)), from_record(ret(3), unknown)}),
                    {.stop_at = address("final"), .first_doubtful = 4}),
         walk_handler());
}

TEST_P(WalkEveryLayout, X14_DoubtsARuleOfAnAbsentX9) {
  draw_handler({.pc = code::veneer.start(), .fp = "b", .sp = "e.end", .x9 = ret(5)});
  draw_interrupted();
  context.exception.x9 = ExceptionLayout::absent;
  Frame at_veneer = boundary(code::veneer.start(), special);
  at_veneer.special = SpecialKind::veneer;
  expect(unreliable(behind_handler({at_veneer, from_record(ret(3), unknown)}),
                    {.stop_at = address("final"), .first_doubtful = 4}),
         walk_handler());
}

// A frame that has no room where it should be: with a typed record there is nothing else to follow. A plain one leads
// on, though over the interrupted function. No rule makes a trace shorter (X15).
TEST_P(WalkEveryLayout, X14_DoubtsAFrameThatEndsAboveItsStack) {
  irq.record("a", "e", after_handler_call);
  draw_frame(irq, "e", context.exception, {.pc = pc(2), .fp = "b", .sp = 0x7000'0000, .lr = ret(5)});
  draw_interrupted();
  const std::vector<Stack> stacks{{.range = AddressRange(irq.base(), irq.end() - 8)},
                                  {.range = AddressRange(task.base(), task.end())}};
  context.stacks = stacks;
  const Walked walked = walk(Start::at_call({.fp = address("a"), .sp = irq.base(), .pc = ret(0)}));
  expect_frame_without_room({from_start(ret(0)), from_record(after_handler_call, special, entry)}, walked);
}

TEST_P(WalkEveryLayout, X14_X10_DoubtsAFrameThatBeginsBelowTheSpOfItsHandler) {
  draw_frame(task, "e", context.exception, {.pc = pc(2), .fp = "b", .sp = "e.end", .lr = ret(5)});
  draw_interrupted();
  const Registers registers{.fp = address("e"), .sp = address("e.frame") + 8, .pc = after_handler_call};
  expect_frame_without_room({from_start(after_handler_call, special, entry)}, walk(Start::at_call(registers)));
}

TEST_P(WalkEveryLayout, X14_X0_StartsAtAFrameInForeignMemory) {
  draw_frame(task, "e", context.exception, {.pc = pc(2), .fp = "b", .sp = "e.end"});
  draw_interrupted();
  expect(reliable({boundary(pc(2), {}, Source::start), from(Source::frame_table, ret(3))}, address("final")),
         walk(Start::exception_at(address("e.frame"))));
}

TEST_P(WalkEveryLayout, X14_X3_TrustsAnEmptyTraceOfAFrameFromEl0) {
  draw_frame(task, "final", context.exception, {.pc = 0x1000, .pstate = pstate_el0t, .is_final = true});
  expect(reliable({}, address("final")), walk(Start::exception_at(address("final.frame"))));
}

// X12: a guest's exit names EL1, or EL2, and the record says that no code of this kernel was interrupted; or it says
// the opposite. Without types there is only pstate.
TEST_P(WalkEveryLayout, X12_GoesByTheRecordOfAFrameWhereItHasAType) {
  draw_frame(task, "final", context.exception, {.pc = pc(2), .fp = "final", .sp = "final.end", .is_final = true});
  const Walked at_exit = walk(Start::exception_at(address("final.frame")));
  if (is_typed()) {
    expect(reliable({}, address("final")), at_exit);
  } else {
    EXPECT_EQ(at_exit.frames.size(), 1U);
  }
}

TEST_P(WalkEveryLayout, X12_DoubtsARecordOfAnExceptionThatHasThePstateOfEl0) {
  draw_frame(task, "e", context.exception, {.pc = pc(2), .fp = "b", .sp = "e.end", .pstate = pstate_el0t});
  draw_interrupted();
  const Walked walked = walk(Start::exception_at(address("e.frame")));
  if (is_typed()) {
    expect(unreliable({boundary(pc(2), EvidenceBit::interrupted_el0, Source::start), from(Source::frame_table, ret(3))},
                      {.stop_at = address("final")}),
           walked);
  } else {
    // The task's own record is what its chain ends at.
    expect(reliable({}, address("final")), walked);
  }
}

}  // namespace
}  // namespace surefoot::testing
