// SPDX-License-Identifier: MIT
//
// How far a walk can go (walk.hpp, docs/robustness.md): a trace that has as many frames as the stacks allow, a frame
// that costs as many reads as one can, and tables that would lead round in a circle for ever.
#include <algorithm>
#include <deque>

#include "support/region_scene.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t leaf_at = image + 0x100;    // returns by its link register
constexpr std::uint64_t circle_at = image + 0x200;  // its row is what a test says
constexpr std::uint64_t in_circle = circle_at + 0x10;
constexpr std::uint64_t plain = image + 0x300;

class WalkBound : public RegionScene {
 protected:
  // Rows of the leaf and of the function at circle_at.
  void rows(SectionRow of_circle) {
    rows_.emplace_back(
        std::vector<SectionFunction>{{.start = leaf_at, .size = 0x100, .rows = {{.words = {0}}}},
                                     {.start = circle_at, .size = 0x100, .rows = {std::move(of_circle)}}});
    region_of(image).frame_table = rows_.back().table();
  }
  [[nodiscard]] std::uint64_t most() const {
    const Kernel kernel = Kernel::make(description).value();
    return max_frames(kernel,
                      {.stacks = StackSet::make(own_stacks).value(), .cpu_stacks = StackSet::make(cpu_stacks).value()});
  }

  std::deque<Rows> rows_;
};

// A row that says that the return address is at the caller's sp, and so in no frame at all: it is refused.
TEST_F(WalkBound, EndsWhereARowInTermsOfSpLeadsBackToItself) {
  rows({.words = {0, 0}});
  stack.mark("sp").word(in_circle).junk(1).record("a", "final", plain).final_record();
  finish();
  const Walked walked = walk_at(leaf_at, "a", "sp", in_circle);
  EXPECT_EQ(walked.verdict.stop, StopReason::final_record);
  EXPECT_TRUE(walked.verdict.evidence.has(EvidenceBit::unknown_interrupted_code));
  EXPECT_EQ(walked.frames.size(), 3U);
}

// The same in terms of fp, which the pair leaves as it is.
TEST_F(WalkBound, EndsWhereARowInTermsOfFpLeadsBackToItself) {
  rows({.base = Base::fp, .words = {0, 24, 16}});
  const SpecialRange call[] = {
      {.range = AddressRange(in_circle - 4, in_circle), .kind = SpecialKind::call_without_record}};
  region_of(image).calls_without_record = SpecialRanges::make(call).value();
  stack.record("a", "b", plain).word("a").word(in_circle).record("b", "final", plain).final_record();
  finish();
  const Walked walked = walk_from(in_circle);
  EXPECT_EQ(walked.verdict.stop, StopReason::final_record);
  EXPECT_LE(walked.frames.size(), 3U);
}

// Interrupted in a trampoline whose rule leads on in registers: three frames that take nothing of the stack.
class WalkBoundEdge : public WalkBound {
 protected:
  WalkBoundEdge() {
    region_of(image).special_ranges = SpecialRanges::make(trampoline_).value();
    frame_.pc = trampoline_[0].range.start();
    frame_.x[9] = plain;
    frame_.lr = in_circle;
    frame_.pstate = 0x3c5;
    frame_.record.type = MetadataType::exception;
  }
  [[nodiscard]] Walked walk_from_trampoline(std::uint64_t fp) {
    frame_.fp = fp;
    frame_.sp = stack.base();
    return walk(Start::exception(frame_));
  }
  // Records from the present end of the stack on, each where the one before it ends; the last one leads nowhere.
  void fill(std::size_t records) {
    for (; records > 0; --records) stack.word(stack.end() + 16).word(plain);
    own_stacks = {{.range = AddressRange(stack.base(), stack.end())}};
  }

  const AddressRange text_[1] = {AddressRange(image, image + region_size)};
  const SpecialRange trampoline_[1] = {{.range = AddressRange(image, image + 8),
                                        .kind = SpecialKind::ftrace_trampoline,
                                        .rule = {.pc = From::x9, .lr = From::link_register}}};
  ExceptionFrame frame_{};
};

TEST_F(WalkBoundEdge, FindsAsManyFramesAsTheStackHasRecordsAndThreeMore) {
  fill(40);
  const Walked walked = walk_from_trampoline(stack.base());
  EXPECT_EQ(walked.verdict.stop, StopReason::off_stack);
  EXPECT_EQ(walked.frames.size(), 43U);
  EXPECT_EQ(most(), 43U);
}

TEST_F(WalkBoundEdge, FindsOneMoreByASlotAtTheStartOfAStackThatBeginsInTheMiddleOf16Bytes) {
  StackImage& odd = memory.add_stack(0x7100'0008, StackKind::irq);
  rows({.base = Base::fp, .words = {8, -8, 19 * 16}, .word_width = 2});
  odd.word(plain);
  for (int i = 0; i < 19; ++i) odd.word(odd.end() + 16).word(plain);
  odd.word(odd.base() + 8).word(plain);  // leads down, and is where the slot says that x29 is
  own_stacks = {{.range = AddressRange(odd.base(), odd.end())}};
  frame_.fp = odd.base();
  frame_.sp = odd.base();
  const Walked walked = walk(Start::exception(frame_));
  EXPECT_EQ(most(), 24U);
  EXPECT_EQ(walked.frames.size(), 24U) << text(walked);
}

// The registers of an exception in three words: pc, and a record of fp and lr. Each leads to three frames.
TEST_F(WalkBoundEdge, FindsThreeFramesForEachExceptionFrameHoweverSmall) {
  description.exception = {.size = 32,
                           .pc = 16,
                           .pstate = ExceptionLayout::absent,
                           .sp = ExceptionLayout::absent,
                           .fp = 0,
                           .lr = 8,
                           .x9 = 24,
                           .record = 0,
                           .typing = RecordTyping::untyped};
  const SpecialRange special[] = {trampoline_[0],
                                  {.range = AddressRange(circle_at, circle_at + 0x20),
                                   .kind = SpecialKind::exception_entry,
                                   .rule = {.pc = From::exception_frame}}};
  region_of(image).special_ranges = SpecialRanges::make(special).value();
  for (int i = 0; i < 10; ++i) stack.word(stack.end() + 32).word(in_circle).word(image).word(plain);
  own_stacks = {{.range = AddressRange(stack.base(), stack.end())}};
  const Walked walked = walk(Start::exception_at(stack.base()));
  EXPECT_EQ(most(), 43U);
  EXPECT_EQ(walked.frames.size(), 30U) << text(walked);  // 32 bytes each: the bound is for 24, where x9 is not
}

// A caller by the link register: its call is looked at, its pair is zero, and its record is that of an exception.
TEST_F(WalkBoundEdge, ReadsTenWordsForOneFrame) {
  rows({.words = {16, -8, -16}});
  description.witnesses.call_site = true;
  for (const std::uint64_t call : {in_circle - 4, plain - 4}) memory.set_instruction(call, 0x9400'0000);
  stack.mark("sp").word(0).word(0).exception_frame("x", {.pc = plain, .fp = "a", .sp = "a"});
  stack.record("a", "final", plain).final_record();
  finish();
  description.policy = Policy::exact;
  const OwnedMap map(regions);
  description.code = &*map;
  const Kernel kernel = Kernel::make(description).value();
  RecordingReader reader(memory, own_stacks, log, text_);
  const ForeignMemory foreign = memory_of(reader);
  const Task task{.stacks = StackSet::make(own_stacks).value(), .final_record_at = final_record_at, .memory = &foreign};
  frame_.pc = leaf_at;
  frame_.fp = address("x");
  frame_.sp = address("sp");
  const Start start = Start::exception(frame_);
  Cursor cursor(start, kernel, task);
  std::size_t most_reads = 0;
  for (Frame frame; cursor.next(frame);) {
    most_reads = std::max(most_reads, log.addresses.size());
    log.addresses.clear();
  }
  EXPECT_EQ(most_reads, 10U);
  EXPECT_EQ(cursor.verdict().stop, StopReason::final_record);
  EXPECT_TRUE(log.wild.empty());
}

}  // namespace
}  // namespace surefoot::testing
