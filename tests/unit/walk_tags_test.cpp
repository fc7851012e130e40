// SPDX-License-Identifier: MIT
//
// Walks of stacks whose addresses carry tags (hazard C17). With the mask of the kernel they are as good as any; without
// it, a tagged address is on no stack.
#include <array>

#include "support/frame_table_section.hpp"
#include "support/layouts.hpp"
#include "support/scene.hpp"

namespace surefoot::testing {
namespace {

using code::handler;
using code::pc;
using code::ret;

constexpr std::uint64_t tag_a = std::uint64_t{0x5a} << 56;
constexpr std::uint64_t tag_b = std::uint64_t{0x17} << 56;

// Stacks in both halves of the address space; the kernel's is canonical with all bits set.
class WalkTags : public Scene, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  WalkTags() : stack(memory.add_stack(GetParam(), StackKind::task)) {
    context.tags = AddressTagMask::for_top_byte();
    context.policy = Policy::exact;
    section_ = make_section({{.start = code::function(6), .size = 0x100, .rows = {{.words = {16, -8, -16}}}}});
    table_ = FrameTable::make(section_, SectionForm{}.address).value();
    context.frame_table = &*table_;
  }
  // What is at `offset` from the stack's start, with another tag.
  [[nodiscard]] std::uint64_t tagged(std::uint64_t offset, std::uint64_t tag) const {
    return (stack.base() + offset) ^ tag;
  }
  [[nodiscard]] Walked walk_tagged(std::uint64_t fp, std::uint64_t sp) {
    return walk(Start::at_call({.fp = fp, .sp = sp, .pc = ret(0)}));
  }

  StackImage& stack;

 private:
  SectionBytes section_;
  std::optional<FrameTable> table_;
};

INSTANTIATE_TEST_SUITE_P(Of, WalkTags, ::testing::Values(0x7100'0000, 0xffff'8000'7100'0000));

TEST_P(WalkTags, C17_TrustsTaggedFramePointersWithTheMask) {
  stack.record("a", tagged(0x20, tag_a), ret(1)).junk(2).record("b", tagged(0x30, tag_b), ret(2)).final_record();
  for (const std::uint64_t tag : {std::uint64_t{0}, tag_a, tag_b}) {
    expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2))}, address("final")),
           walk_tagged(tagged(0, tag), tagged(0, tag)));
  }
}

TEST_P(WalkTags, C17_StopsAtATaggedFramePointerWithoutTheMask) {
  context.tags = {};
  stack.record("a", tagged(0x10, tag_a), ret(1)).record("b", "final", ret(2)).final_record();
  expect(unreliable({from_start(ret(0)), from_record(ret(1))},
                    {.stop = StopReason::off_stack, .stop_at = tagged(0x10, tag_a), .first_doubtful = 2}),
         walk_tagged(stack.base(), stack.base()));
  expect(unreliable({from_start(ret(0))},
                    {.stop = StopReason::off_stack, .stop_at = tagged(0, tag_b), .first_doubtful = 1}),
         walk_tagged(tagged(0, tag_b), stack.base()));
}

// X10: what is below a tagged sp is dead, as below any other.
TEST_P(WalkTags, C17_X10_ReadsNothingBelowATaggedSp) {
  stack.record("a", "final", ret(1)).junk(2).final_record();
  expect(unreliable({from_start(ret(0))},
                    {.stop = StopReason::not_above_previous, .stop_at = address("a"), .first_doubtful = 1}),
         walk_tagged(tagged(0, tag_a), tagged(0x10, tag_a)));
}

TEST_P(WalkTags, C17_MatchesTaggedKeys) {
  stack.record("a", tagged(0x10, tag_a), handler).record("b", tagged(0x20, tag_b), handler);
  stack.record("c", tagged(0x30, tag_a), handler).final_record();
  push(ret(3), stack.base() + 0x30);  // without a tag
  push(ret(2), tagged(0x20, tag_b));  // the record's
  push(ret(1), tagged(0x10, tag_b));  // another
  expect(reliable({from_start(ret(0)), from_return_stack(ret(1)), from_return_stack(ret(2)), from_return_stack(ret(3))},
                  address("final")),
         walk_tagged(stack.base(), stack.base()));
}

// A tracer is at work between F and P: the entry of the latter's caller may be there while its address is in place.
TEST_P(WalkTags, C17_MatchesTheTaggedKeyOfAnEntryInFlight) {
  stack.record("tracer", "f", code::after_ftrace_call)
      .ftrace_frame("f", {.function_return = code::function(1) + 8, .parent_fp = "p", .parent_return = ret(2)})
      .record("p", "final", ret(3))
      .final_record();
  push(ret(2), address("p") ^ tag_a);
  const Walked walked = walk(Start::at_call({.fp = stack.base(), .sp = stack.base(), .pc = ret(0)}));
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::return_entry_in_flight));
  EXPECT_TRUE(walked.verdict.is_reliable()) << text(walked);
}

// F6: what a trampoline saved, and the two records beside it, may have tags of their own.
TEST_P(WalkTags, C17_F6_ComparesTheRegistersOfATrampolineWithoutTags) {
  stack.record("tracer", "f", code::after_ftrace_call);
  stack.ftrace_frame("f", {.function_return = code::function(1) + 8, .parent_fp = "p", .parent_return = ret(2)});
  stack.record("p", "final", ret(3)).final_record();
  const auto index_of = [this](const Ref& ref) { return static_cast<std::size_t>(address(ref) - stack.base()) / 8; };
  const std::vector<Frame> frames{
      from_start(ret(0)), from_record(code::after_ftrace_call, EvidenceBit::in_special_range, SpecialKind::ftrace_call),
      from_record(code::function(1) + 8), from_record(ret(2)), from_record(ret(3))};
  const auto walk_here = [this] { return walk_tagged(stack.base(), stack.base()); };
  expect(reliable(frames, address("final")), walk_here());
  stack.set(index_of("f"), address("f.caller") ^ tag_a);
  expect(reliable(frames, address("final")), walk_here());
  stack.set(index_of("f.caller"), address("p") ^ tag_b);
  expect(reliable(frames, address("final")), walk_here());
  stack.set(index_of(Ref("f.frame", SUREFOOT_FTRACE_FRAME_OFFSET_FP)), address("p") ^ tag_a);
  expect(reliable(frames, address("final")), walk_here());
  // The function was hooked meanwhile.
  stack.set(index_of(Ref("f.frame", SUREFOOT_FTRACE_FRAME_OFFSET_FP)) + 1, handler);
  push(ret(2), address("p") ^ (tag_a | tag_b));
  std::vector<Frame> in_flight = frames;
  in_flight[3].evidence = EvidenceBit::return_entry_in_flight;
  expect(reliable(in_flight, address("final")), walk_here());
  // Another register, and no tag that explains it.
  stack.set(index_of(Ref("f.frame", SUREFOOT_FTRACE_FRAME_OFFSET_FP)), address("final"));
  EXPECT_TRUE(walk_here().verdict.evidence.has(EvidenceBit::saved_pc_differs));
}

TEST_P(WalkTags, C17_X1_CrossesABoundaryToTaggedRegisters) {
  stack.record("a", "e", ret(1));
  context.exception = linux_6_13_layout;
  draw_frame(stack, "e", context.exception, {.pc = pc(6), .fp = 0x1234'5678, .sp = tagged(0x10 + 336, tag_a)});
  stack.word(tagged(0x10 + 336 + 0x10, tag_b)).word(ret(7)).record("b", "final", ret(3)).final_record();
  Frame boundary = interrupted(pc(6), Source::exception_frame);
  boundary.evidence = EvidenceBit::crossed_exception;
  Frame by_row = from_record(ret(7));
  by_row.source = Source::frame_table;
  expect(reliable({from_start(ret(0)), from_record(ret(1)), boundary, by_row, from_record(ret(3))}, address("final")),
         walk_tagged(stack.base(), stack.base()));
}

// The address of the frame itself is a stack address.
TEST_P(WalkTags, C17_X0_StartsAtAFrameWithATaggedAddress) {
  draw_frame(stack, "e", context.exception, {.pc = pc(6), .fp = 0x1234'5678, .sp = "e.end"});
  stack.word(tagged(context.exception.size + 0x10U, tag_b)).word(ret(7)).final_record();
  Frame boundary = interrupted(pc(6), Source::start);
  boundary.evidence = EvidenceBit::crossed_exception;
  Frame by_row = from_record(ret(7));
  by_row.source = Source::frame_table;
  expect(reliable({boundary, by_row}, address("final")), walk(Start::exception_at(tagged(0, tag_a))));
}

TEST_P(WalkTags, C17_X3_TrustsAnEmptyTraceOfAFrameWithATaggedAddress) {
  draw_frame(stack, "final", context.exception, {.pc = 0x1000, .pstate = pstate_el0t, .is_final = true});
  expect(reliable({}, address("final")), walk(Start::exception_at(tagged(0, tag_a))));
}

}  // namespace
}  // namespace surefoot::testing
