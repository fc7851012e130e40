// SPDX-License-Identifier: MIT
//
// Exception frames that do not hold sp and lie at the end of another stack than was interrupted, as after an overflow
// (X14). The end of such a frame is taken for sp, and may be where a further stack begins.
#include "support/frame_table_section.hpp"
#include "support/layouts.hpp"
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::pc;
using code::ret;

constexpr std::uint64_t in_entry = code::vectors.start() + 0x100;
constexpr auto entry = SpecialKind::exception_entry;

class WalkFrameWithoutSp : public Scene {
 protected:
  WalkFrameWithoutSp() {
    context.policy = Policy::exact;
    context.exception = compact_layout;
    context.special_ranges = ranges_.make().value();
    // Function 2 has a record, function 4 stores the same pair where sp points.
    section_ =
        make_section({{.start = code::function(2), .size = 0x100, .rows = {{.base = Base::fp, .words = {16, -8, -16}}}},
                      {.start = code::function(4), .size = 0x100, .rows = {{.words = {16, -8, -16}}}}});
    table_ = FrameTable::make(section_, SectionForm{}.address).value();
    context.frame_table = &*table_;
  }

  // The handler's chain, the frame at the end of its stack, a record behind it that is of neither, and the record of
  // the interrupted function.
  void draw(std::uint64_t interrupted_at) {
    overflow.record("h", "e", in_entry).junk(2);
    draw_frame(overflow, "e", compact_layout, {.pc = interrupted_at, .fp = "f"});
    memory.add_stack(overflow.end(), StackKind::other).record("wrong", "g", ret(9));
    task.junk(2).record("f", "g", ret(3)).record("g", "final", ret(5)).record("final", 0, 0);
  }
  [[nodiscard]] Walked walk_handler() {
    return walk(Start::at_call({.fp = address("h"), .sp = overflow.base(), .pc = ret(0)}));
  }
  [[nodiscard]] static Frame boundary(std::uint64_t at, Source source) {
    Frame frame = from_record(at, EvidenceBit::crossed_exception);
    frame.kind = CodeAddress::Kind::exact;
    frame.source = source;
    return frame;
  }
  [[nodiscard]] static std::vector<Frame> behind_handler(std::vector<Frame> frames) {
    frames.insert(frames.begin(), {from_start(ret(0)), from_record(in_entry, EvidenceBit::in_special_range, entry)});
    return frames;
  }

 private:
  const RangeTable ranges_ =
      RangeTable(code::text_end + 0x1000).add(code::vectors, entry, {.pc = From::exception_frame});
  SectionBytes section_;
  std::optional<FrameTable> table_;
};

constexpr Evidence by_record_of_another_stack = EvidenceBit::changed_stack | EvidenceBit::unknown_interrupted_code;

TEST_F(WalkFrameWithoutSp, X14_FollowsNoRuleInTermsOfSpBehindTheEndOfItsStack) {
  draw(pc(4));
  expect(unreliable(behind_handler({boundary(pc(4), Source::exception_frame),
                                    from_record(ret(3), by_record_of_another_stack), from_record(ret(5))}),
                    {.stop_at = address("final"), .first_doubtful = 3}),
         walk_handler());
}

TEST_F(WalkFrameWithoutSp, X14_X0_StartsOnItsOwnStack) {
  draw(pc(4));
  expect(
      unreliable({boundary(pc(4), Source::start), from_record(ret(3), by_record_of_another_stack), from_record(ret(5))},
                 {.stop_at = address("final"), .first_doubtful = 1}),
      walk(Start::exception_at(address("e.frame"))));
}

TEST_F(WalkFrameWithoutSp, X14_X15_FollowsARuleInTermsOfTheFramePointerOntoTheInterruptedStack) {
  draw(pc(2));
  Frame caller = from_record(ret(3), EvidenceBit::changed_stack);
  caller.source = Source::frame_table;
  expect(reliable(behind_handler({boundary(pc(2), Source::exception_frame), caller, from_record(ret(5))}),
                  address("final")),
         walk_handler());
}

}  // namespace
}  // namespace surefoot::testing
