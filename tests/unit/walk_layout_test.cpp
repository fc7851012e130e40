// SPDX-License-Identifier: MIT
//
// Chains through exception frames of a kernel's own layout (X14): F (function 1), called by P (function 2), is
// interrupted; the handler is called from exception entry. The layouts are those that the demonstration kernel is built
// with, and some that lack a register.
#include <span>

#include "support/frame_table_section.hpp"
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::function;
using code::ret;

constexpr std::uint16_t absent = ExceptionLayout::absent;
constexpr std::uint64_t f = function(1);
constexpr std::uint64_t in_entry = code::vectors.start() + 0x280;
constexpr Evidence special = EvidenceBit::in_special_range;
constexpr Evidence unknown = EvidenceBit::unknown_interrupted_code;

// x0 to x30, pc, pstate, sp_el0. The record is the pair {x29, x30}, sp is the frame's end.
constexpr ExceptionLayout frame_272{.size = 272,
                                    .pc = 248,
                                    .pstate = 256,
                                    .sp = absent,
                                    .fp = 232,
                                    .lr = 240,
                                    .x9 = 72,
                                    .record = 232,
                                    .typing = RecordTyping::untyped};
// pt_regs of Linux 6.1: the record is a copy of {x29, pc}.
constexpr ExceptionLayout pt_regs_6_1{.size = 336,
                                      .pc = 256,
                                      .pstate = 264,
                                      .sp = 248,
                                      .fp = 232,
                                      .lr = 240,
                                      .x9 = 72,
                                      .record = 304,
                                      .typing = RecordTyping::untyped};
// pt_regs of Linux 6.13: a typed record, not aligned to 16 bytes.
constexpr ExceptionLayout pt_regs_6_13{
    .size = 336, .pc = 256, .pstate = 264, .sp = 248, .fp = 232, .lr = 240, .x9 = 72, .record = 296};

class LayoutScene : public Scene {
 protected:
  void describe(const ExceptionLayout& layout) {
    context.policy = Policy::exact;
    context.exception = layout;
    const bool is_typed = layout.typing == RecordTyping::typed;
    entry_is(is_typed ? From::frame_record : From::exception_frame);
  }
  void entry_is(From pc) {
    ranges_ = RangeTable(code::text_end);
    ranges_.add(code::vectors, SpecialKind::exception_entry, {.pc = pc});
    context.special_ranges = ranges_.make().value();
  }
  // F's rows, and that of P, whose x29 points to its record.
  void rows(std::vector<SectionRow> rows) {
    section_ =
        make_section({{.start = f, .size = 0x100, .rows = std::move(rows)},
                      {.start = function(2), .size = 0x100, .rows = {{.base = Base::fp, .words = {16, -8, -16}}}}});
    table_ = FrameTable::make(section_, SectionForm{}.address).value();
    context.frame_table = &*table_;
  }

  // An exception frame; `label` is its record, `label`.frame the frame. What it does not hold is branded.
  void draw(StackImage& stack, const std::string& label, const Interrupted& registers, std::uint64_t pstate = 0x3c5) {
    const ExceptionLayout& layout = context.exception;
    const bool is_typed = layout.typing == RecordTyping::typed;
    std::map<std::uint64_t, Ref> words;
    if (is_typed) {
      words = {{layout.record, 0}, {layout.record + 8, 0}, {layout.record + 16, registers.type}};
    } else if (layout.record != layout.fp) {
      words = {{layout.record, registers.fp}, {layout.record + 8, registers.pc}};
    }
    words.insert({{layout.pc, registers.pc}, {layout.fp, registers.fp}});
    if (layout.pstate != absent) words.insert({layout.pstate, pstate});
    if (layout.sp != absent) words.insert({layout.sp, registers.sp});
    if (layout.lr != absent) words.insert({layout.lr, registers.lr});
    stack.mark(label + ".frame");
    for (std::uint64_t offset = 0; offset < layout.size; offset += 8) {
      if (offset == layout.record) stack.mark(label);
      const auto found = words.find(offset);
      stack.word(found != words.end() ? found->second : Ref(brand(offset / 8)));
    }
  }
  // P's record, and above it that of its caller.
  void p_and_above() {
    task.record("p", "g", ret(3)).record("g", "final", ret(4));
    if (context.exception.typing == RecordTyping::typed) {
      task.final_record();
    } else {
      task.mark("final").word(0).word(0);  // and nothing above it
    }
  }

  static Frame from(Source source, std::uint64_t pc, Evidence evidence = {}) {
    Frame frame = from_record(pc, evidence);
    frame.source = source;
    return frame;
  }
  static Frame boundary(std::uint64_t pc, Evidence also = {}, Source source = Source::exception_frame) {
    Frame frame = from(source, pc, EvidenceBit::crossed_exception | also);
    frame.kind = CodeAddress::Kind::exact;
    return frame;
  }
  // The handler, the path that called it, and then these.
  static std::vector<Frame> from_handler(std::vector<Frame> frames) {
    const Frame handler[] = {from_start(ret(0)), from_record(in_entry, special, SpecialKind::exception_entry)};
    frames.insert(frames.begin(), std::begin(handler), std::end(handler));
    return frames;
  }
  [[nodiscard]] Walked walk_handler_on(const StackImage& stack) {
    return walk(Start::at_call({.fp = address("a"), .sp = stack.base(), .pc = ret(0)}));
  }

 private:
  RangeTable ranges_{code::text_end};
  SectionBytes section_;
  std::optional<FrameTable> table_;
};

struct NamedLayout {
  const char* name;
  ExceptionLayout layout;
};

class WalkLayout : public LayoutScene, public ::testing::WithParamInterface<NamedLayout> {
 protected:
  WalkLayout() { describe(GetParam().layout); }
};

TEST_P(WalkLayout, X14_CrossesABoundaryOnTheInterruptedStack) {
  task.record("a", "e", in_entry);
  draw(task, "e", {.pc = f, .fp = "p", .sp = "sp", .lr = ret(2)});
  task.mark("sp");
  p_and_above();
  rows({{.words = {0}}});
  expect(reliable(from_handler({boundary(f), from(Source::link_register, ret(2)), from(Source::frame_table, ret(3)),
                                from_record(ret(4))}),
                  address("final")),
         walk_handler_on(task));
}

TEST_P(WalkLayout, X14_X4_CrossesABoundaryFromTheHandlersStack) {
  irq.record("a", "e", in_entry).junk(2);
  draw(task, "e", {.pc = f + 8, .fp = "p", .sp = "sp"});
  task.mark("sp").junk(2).word("p").word(ret(2));
  p_and_above();
  rows({{.words = {32, -8, -16}}});  // by sp
  expect(reliable(from_handler({boundary(f + 8, EvidenceBit::changed_stack), from(Source::frame_table, ret(2)),
                                from_record(ret(3)), from_record(ret(4))}),
                  address("final")),
         walk_handler_on(irq));
}

TEST_P(WalkLayout, X14_X0_StartsAtAFrame) {
  draw(task, "e", {.pc = f + 8, .fp = "p", .sp = "sp"});
  task.mark("sp").junk(2).word("p").word(ret(2));
  p_and_above();
  rows({{.words = {32, -8, -16}}});
  expect(reliable({boundary(f + 8, {}, Source::start), from(Source::frame_table, ret(2)), from_record(ret(3)),
                   from_record(ret(4))},
                  address("final")),
         walk(Start::exception_at(address("e.frame"))));
}

TEST_P(WalkLayout, X14_DoubtsInterruptedCodeWithoutARule) {
  task.record("a", "e", in_entry);
  draw(task, "e", {.pc = f, .fp = "p", .sp = "sp", .lr = ret(2)});
  task.mark("sp");
  p_and_above();
  expect(unreliable(from_handler({boundary(f, unknown), from_record(ret(3)), from_record(ret(4))}),
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_handler_on(task));
}

// Where records are untyped, pstate says that no code of the kernel was interrupted.
TEST_P(WalkLayout, X14_X3_TrustsAnEmptyTraceAtAFrameOfEl0) {
  draw(task, "e", {.pc = 0x1000, .fp = brand(29), .sp = brand(31), .type = SUREFOOT_METADATA_FINAL}, 0);
  const bool is_typed = context.exception.typing == RecordTyping::typed;
  if (!is_typed) task.mark("final").word(0).word(0);
  context.final_record_at = address(is_typed ? "e" : "final");
  expect(reliable({}, context.final_record_at), walk(Start::exception_at(address("e.frame"))));
}

TEST_P(WalkLayout, X14_X11_DoubtsABoundaryWhosePstateSaysEl0) {
  task.record("a", "e", in_entry);
  draw(task, "e", {.pc = f, .fp = "p", .sp = "sp", .lr = ret(2)}, 0);
  task.mark("sp");
  p_and_above();
  rows({{.words = {0}}});
  expect(unreliable(from_handler({boundary(f, EvidenceBit::interrupted_el0), from(Source::link_register, ret(2)),
                                  from(Source::frame_table, ret(3)), from_record(ret(4))}),
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_handler_on(task));
}

INSTANTIATE_TEST_SUITE_P(Layouts, WalkLayout,
                         ::testing::Values(NamedLayout{"surefoot", {}}, NamedLayout{"frame_272", frame_272},
                                           NamedLayout{"pt_regs_6_1", pt_regs_6_1},
                                           NamedLayout{"pt_regs_6_13", pt_regs_6_13}),
                         [](const auto& info) { return info.param.name; });

class WalkUntyped : public LayoutScene, public ::testing::WithParamInterface<NamedLayout> {
 protected:
  WalkUntyped() { describe(GetParam().layout); }
};

// The plain record would lead on past F, and past P if the record is {x29, x30} and F is a leaf.
TEST_P(WalkUntyped, X13_X14_DoubtsAPlainRecordIfTheRangeDoesNotSayThatItIsAnExceptionFrames) {
  entry_is(From::frame_record);
  task.record("a", "e", in_entry);
  draw(task, "e", {.pc = f, .fp = "p", .sp = "sp", .lr = ret(2)});
  task.mark("sp");
  p_and_above();
  const std::uint64_t after_entry = context.exception.record == context.exception.fp ? ret(2) : f;
  expect(unreliable(from_handler({from_record(after_entry, unknown), from_record(ret(3)), from_record(ret(4))}),
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_handler_on(task));
}

TEST_P(WalkUntyped, T2_T3_X14_StopsAtARecordOfZerosThatIsNotTheFinalOneWhateverIsAboveIt) {
  for (const int above : {0, SUREFOOT_METADATA_FINAL, SUREFOOT_METADATA_EXCEPTION, 3}) {
    SCOPED_TRACE(above);
    const std::string label = "forged" + std::to_string(above);
    task.metadata(label, above);
    context.final_record_at = task.end();
    expect(unreliable(
               {from_start(ret(0))},
               {.stop = StopReason::final_record_misplaced, .stop_at = address(label.c_str()), .first_doubtful = 1}),
           walk_from(ret(0), label.c_str()));
  }
}

// No rule makes a trace shorter: the record is there, though the frame around it is not.
TEST_P(WalkUntyped, X14_FallsBackToTheRecordOfAFrameThatSticksOutOfItsStack) {
  task.record("a", "e", in_entry).record("e", "p", ret(2));
  p_and_above();
  expect(unreliable(from_handler({from_record(ret(2), unknown), from_record(ret(3)), from_record(ret(4))}),
                    {.stop_at = address("final"), .first_doubtful = 2}),
         walk_handler_on(task));
}

INSTANTIATE_TEST_SUITE_P(Layouts, WalkUntyped,
                         ::testing::Values(NamedLayout{"frame_272", frame_272},
                                           NamedLayout{"pt_regs_6_1", pt_regs_6_1}),
                         [](const auto& info) { return info.param.name; });

using WalkAbsent = LayoutScene;

TEST_F(WalkAbsent, X14_DoubtsARuleByALinkRegisterThatTheFrameDoesNotHold) {
  ExceptionLayout layout = pt_regs_6_1;
  layout.lr = absent;
  describe(layout);
  task.record("a", "e", in_entry);
  draw(task, "e", {.pc = f, .fp = "p", .sp = "sp"});
  task.mark("sp");
  p_and_above();
  rows({{.words = {0}}});
  expect(unreliable(from_handler({boundary(f), from_record(ret(3), unknown), from_record(ret(4))}),
                    {.stop_at = address("final"), .first_doubtful = 3}),
         walk_handler_on(task));
}

TEST_F(WalkAbsent, X14_KnowsNoModeIfTheFrameDoesNotHoldIt) {
  ExceptionLayout layout = frame_272;
  layout.pstate = absent;
  describe(layout);
  draw(task, "e", {.pc = f, .fp = "p", .lr = ret(2)});
  p_and_above();
  rows({{.words = {0}}});
  expect(reliable({boundary(f, {}, Source::start), from(Source::link_register, ret(2)),
                   from(Source::frame_table, ret(3)), from_record(ret(4))},
                  address("final")),
         walk(Start::exception_at(address("e.frame"))));
}

// After an overflow, a frame without sp lies at the end of another stack than was interrupted. Whatever stack begins
// there has nothing to do with it.
class WalkAbsentSp : public LayoutScene {
 protected:
  WalkAbsentSp() {
    describe(frame_272);
    overflow.record("a", "e", in_entry).junk(2);
    draw(overflow, "e", {.pc = f + 8, .fp = "f", .lr = ret(5)});
    memory.add_stack(overflow.end(), StackKind::other).record("wrong", "p", ret(9));
    task.junk(2).record("f", "p", ret(2));
    p_and_above();
  }
  void expect_record(const Walked& walked) {
    const Frame crossed = boundary(f + 8);
    const Frame p = from_record(ret(2), EvidenceBit::changed_stack | unknown);
    expect(unreliable(from_handler({crossed, p, from_record(ret(3)), from_record(ret(4))}),
                      {.stop_at = address("final"), .first_doubtful = 3}),
           walked);
  }
};

TEST_F(WalkAbsentSp, X14_FollowsNoRuleInTermsOfSpBehindTheEndOfAStack) {
  rows({{.words = {16, -8, -16}}});
  expect_record(walk_handler_on(overflow));
}

TEST_F(WalkAbsentSp, X14_StartsOnTheStackOfTheFrameAndNotOnTheNextOne) {
  rows({{.words = {16, -8, -16}}});
  expect(unreliable({boundary(f + 8, {}, Source::start), from_record(ret(2), EvidenceBit::changed_stack | unknown),
                     from_record(ret(3)), from_record(ret(4))},
                    {.stop_at = address("final"), .first_doubtful = 1}),
         walk(Start::exception_at(address("e.frame"))));
}

TEST_F(WalkAbsentSp, X14_X15_FollowsARuleInTermsOfTheFramePointerToAnotherStack) {
  rows({{.base = Base::fp, .words = {16, -8, -16}}});
  expect(reliable(from_handler({boundary(f + 8), from(Source::frame_table, ret(2), EvidenceBit::changed_stack),
                                from_record(ret(3)), from_record(ret(4))}),
                  address("final")),
         walk_handler_on(overflow));
}

}  // namespace
}  // namespace surefoot::testing
