// SPDX-License-Identifier: MIT
//
// The description of a kernel: what is refused, by name and place (X14); and code maps that are published while walks
// run (S5, C16).
#include "surefoot/kernel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <optional>
#include <thread>

#include "support/code_map.hpp"
#include "support/layouts.hpp"
#include "support/owned_map.hpp"
#include "support/trace_text.hpp"
#include "surefoot/surefoot.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

constexpr CodeMap no_code;
constexpr std::uint16_t absent = ExceptionLayout::absent;
constexpr ExceptionLayout typed = linux_6_13_layout;
constexpr ExceptionLayout untyped = linux_6_1_layout;

std::expected<Kernel, KernelError> make(const ExceptionLayout& layout) {
  return Kernel::make({.code = &no_code, .exception = layout});
}

TEST(Kernel, IsMadeOfAConstantDescription) {
  constexpr auto made = Kernel::make({.code = &no_code, .policy = Policy::exact});
  static_assert(made.has_value() && made->policy() == Policy::exact && !made->witnesses().exist());
  EXPECT_EQ(&made->code(), &no_code);
}

TEST(Kernel, KnowsNoCodeBeforeItIsMade) {
  constinit static Kernel kernel;
  EXPECT_TRUE(kernel.code().intervals().size() <= 2);
  EXPECT_EQ(kernel.policy(), Policy::strict);
  EXPECT_EQ(kernel.exception(), ExceptionLayout());
  // One record, then the final one: right, and not believed all the same.
  alignas(16) std::uint64_t stack[8] = {};
  const auto at = [&](std::size_t index) { return reinterpret_cast<std::uint64_t>(&stack[index]); };
  stack[0] = at(4);
  stack[1] = 0x1000;
  stack[6] = SUREFOOT_METADATA_FINAL;
  const Stack whole{{at(0), at(8)}};
  Frame frames[4];
  const Trace trace = walk(Start::at_call({.fp = at(0), .sp = at(0), .pc = 0x2000}), kernel,
                           {.stacks = StackSet::make({&whole, 1}).value(), .final_record_at = at(4)}, frames);
  EXPECT_EQ(trace.frames.size(), 2u);
  EXPECT_EQ(trace.verdict.stop, StopReason::final_record);
  EXPECT_TRUE(trace.verdict.evidence.has(EvidenceBit::not_text));
  EXPECT_FALSE(trace.verdict.is_reliable());
  constexpr CodeMap code;
  kernel.publish(code);
  EXPECT_EQ(&kernel.code(), &code);
}

TEST(Kernel, NeedsACodeMap) {
  EXPECT_EQ(Kernel::make({}).error(), (KernelError{KernelFault::missing_code_map, 0}));
  // Before all else that is wrong.
  EXPECT_EQ(Kernel::make({.exception = {.size = 7}}).error(), (KernelError{KernelFault::missing_code_map, 0}));
}

TEST(Kernel, X14_TakesTheFramesOfSeveralKernels) {
  for (const ExceptionLayout& layout : {ExceptionLayout(), compact_layout, linux_6_1_layout, linux_6_13_layout}) {
    SCOPED_TRACE(::testing::Message() << layout.size << " bytes, record at " << layout.record);
    const auto made = make(layout);
    ASSERT_TRUE(made.has_value()) << to_string(made.error().code) << ' ' << made.error().index;
    EXPECT_EQ(made->exception(), layout);
  }
}

TEST(Kernel, X14_TakesAFrameWithoutTheRegistersThatItMayLack) {
  for (ExceptionLayout layout : {typed, untyped}) {
    layout.pstate = layout.sp = layout.lr = layout.x9 = absent;
    EXPECT_TRUE(make(layout).has_value());
  }
  // The smallest: just a record, in which pc and fp are.
  EXPECT_TRUE(make({.size = 16,
                    .pc = 8,
                    .pstate = absent,
                    .sp = absent,
                    .fp = 0,
                    .lr = absent,
                    .x9 = absent,
                    .record = 0,
                    .typing = RecordTyping::untyped})
                  .has_value());
}

TEST(Kernel, X14_NamesWhatIsWrongWithAFrameAndTheRegister) {
  using enum KernelFault;
  struct Case {
    KernelFault code;
    std::size_t index;
    ExceptionLayout layout;
    std::function<void(ExceptionLayout&)> spoil;
  } const cases[] = {
      {bad_frame_size, 0, typed, [](auto& layout) { layout.size = 0; }},
      {bad_frame_size, 0, untyped, [](auto& layout) { layout.size = 340; }},
      {missing_register, 0, typed, [](auto& layout) { layout.pc = absent; }},
      {missing_register, 3, typed, [](auto& layout) { layout.fp = absent; }},
      {missing_register, 6, typed, [](auto& layout) { layout.record = absent; }},
      {missing_register, 6, untyped, [](auto& layout) { layout.record = absent; }},
      {misaligned_register, 0, typed, [](auto& layout) { layout.pc += 4; }},
      {misaligned_register, 1, typed, [](auto& layout) { layout.pstate += 1; }},
      {misaligned_register, 2, typed, [](auto& layout) { layout.sp -= 2; }},
      {misaligned_register, 3, typed, [](auto& layout) { layout.fp += 4; }},
      {misaligned_register, 4, typed, [](auto& layout) { layout.lr += 4; }},
      {misaligned_register, 5, typed, [](auto& layout) { layout.x9 += 4; }},
      {misaligned_register, 6, typed, [](auto& layout) { layout.record += 4; }},
      {register_outside, 0, typed, [](auto& layout) { layout.pc = 336; }},
      {register_outside, 1, untyped, [](auto& layout) { layout.pstate = 336; }},
      {register_outside, 2, typed, [](auto& layout) { layout.sp = 0xfff8; }},
      {register_outside, 3, typed, [](auto& layout) { layout.fp = 0x8000; }},
      {register_outside, 4, typed, [](auto& layout) { layout.lr = 336; }},
      {register_outside, 5, typed, [](auto& layout) { layout.x9 = 336; }},
      {register_outside, 6, typed, [](auto& layout) { layout.record = 320; }},  // a plain one would fit
      {register_outside, 6, untyped, [](auto& layout) { layout.record = 328; }},
      {overlapping_registers, 1, typed, [](auto& layout) { layout.pstate = layout.pc; }},
      {overlapping_registers, 4, untyped, [](auto& layout) { layout.lr = layout.sp; }},
      {overlapping_registers, 5, untyped, [](auto& layout) { layout.x9 = layout.pc; }},
      {overlapping_registers, 0, typed, [](auto& layout) { layout.pc = layout.record; }},
      {overlapping_registers, 1, typed, [](auto& layout) { layout.record = layout.pstate; }},
      {overlapping_registers, 2, typed, [](auto& layout) { layout.record = layout.fp; }},
      {overlapping_registers, 3, typed, [](auto& layout) { layout.record = layout.lr - 16; }},
      {ambiguous_types, 0, typed, [](auto& layout) { layout.final_type = layout.exception_type; }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << to_string(c.code) << ' ' << c.index);
    ExceptionLayout layout = c.layout;
    c.spoil(layout);
    const auto refused = make(layout);
    ASSERT_FALSE(refused.has_value());
    EXPECT_STREQ(to_string(refused.error().code), to_string(c.code));
    EXPECT_EQ(refused.error().index, c.index);
  }
}

TEST(Kernel, X14_TakesTheLargestOffsetsAndEqualTypesOfUntypedRecords) {
  ExceptionLayout layout = typed;
  layout.record = 312;  // ends where the frame ends
  EXPECT_TRUE(make(layout).has_value());
  layout = untyped;
  layout.record = 320;
  layout.final_type = layout.exception_type;
  EXPECT_TRUE(make(layout).has_value());
}

// A chain of real records, through four functions many times, and two maps: one has all of the code, the other has the
// second half of it as a region that was not checked.
class KernelPublish : public ::testing::Test {
 protected:
  static constexpr std::size_t depth = 40;

  KernelPublish()
      : old_map_({{.text = AddressRange(code::text_start, code::text_end), .special_ranges = SpecialRanges::none()}}),
        new_map_({{.text = AddressRange(code::text_start, middle), .special_ranges = SpecialRanges::none()},
                  {.text = AddressRange(middle, code::text_end)}}),
        kernel_(Kernel::make({.code = &*old_map_}).value()) {
    for (std::size_t i = 0; i < depth; ++i) {
      records_[i] = {.fp = address_of(records_[i + 1]), .lr = ret(i % 4 < 2 ? 1 : 200)};
    }
    records_[depth] = {.fp = 0, .lr = 0};
    records_[depth + 1] = {.fp = SUREFOOT_METADATA_FINAL, .lr = 0};
    stacks_[0].range = AddressRange(address_of(records_[0]), address_of(records_[0]) + sizeof records_);
    task_.stacks = StackSet::make(stacks_).value();
    task_.final_record_at = address_of(records_[depth]);
  }

  [[nodiscard]] Start start() const {
    return Start::at_call({.fp = address_of(records_[0]), .sp = address_of(records_[0]), .pc = ret(0)});
  }
  [[nodiscard]] Walked walk_all() const {
    std::array<Frame, depth + 1> frames;
    const Trace trace = walk(start(), kernel_, task_, frames);
    return {.frames = {trace.frames.begin(), trace.frames.end()}, .verdict = trace.verdict};
  }
  static std::uint64_t address_of(const FrameRecord& record) { return reinterpret_cast<std::uintptr_t>(&record); }

  static constexpr std::uint64_t middle = code::function(128);
  OwnedMap old_map_;
  OwnedMap new_map_;
  Kernel kernel_;
  Task task_;

 private:
  alignas(16) std::array<FrameRecord, depth + 2> records_;
  std::array<Stack, 1> stacks_;
};

TEST_F(KernelPublish, S5_BeginsWalksWithTheMapInForce) {
  EXPECT_TRUE(walk_all().verdict.is_reliable());
  kernel_.publish(*new_map_);
  EXPECT_EQ(&kernel_.code(), &*new_map_);
  EXPECT_TRUE(walk_all().verdict.evidence.has(EvidenceBit::special_ranges_refused));
  kernel_.publish(*old_map_);
  EXPECT_TRUE(walk_all().verdict.is_reliable());
}

TEST_F(KernelPublish, S5_GoesOnWithTheMapThatAWalkBeganWith) {
  const Walked by_old = walk_all();
  for (std::size_t before = 0; before <= depth; before += 5) {
    SCOPED_TRACE(::testing::Message() << "published after " << before << " frames");
    kernel_.publish(*old_map_);
    Cursor cursor(start(), kernel_, task_);
    Walked walked{.frames = std::vector<Frame>(depth + 1), .verdict = {}};
    std::size_t count = cursor.take(std::span(walked.frames).first(before));
    kernel_.publish(*new_map_);
    count += cursor.take(std::span(walked.frames).subspan(count));
    walked.frames.resize(count);
    Frame none;
    EXPECT_FALSE(cursor.next(none));
    walked.verdict = cursor.verdict();
    EXPECT_EQ(text(by_old), text(walked));
  }
}

TEST_F(KernelPublish, S5_AgreesWithOneMapInEveryWalkWhileAnotherThreadPublishes) {
  const std::string by_old = text(walk_all());
  kernel_.publish(*new_map_);
  const std::string by_new = text(walk_all());
  ASSERT_NE(by_old, by_new);
  std::atomic<bool> is_over = false;
  std::thread publisher([&] {
    for (unsigned i = 0; !is_over.load(std::memory_order_relaxed); ++i)
      kernel_.publish(i % 2 == 0 ? *old_map_ : *new_map_);
  });
  std::size_t old_count = 0;
  std::size_t new_count = 0;
  // Until both were met often; bounded, should the threads not run at the same time.
  for (std::size_t i = 0; i < 200'000 && (old_count < 1000 || new_count < 1000); ++i) {
    const std::string walked = text(walk_all());
    old_count += walked == by_old ? 1U : 0U;
    new_count += walked == by_new ? 1U : 0U;
    if (old_count + new_count != i + 1) {
      ADD_FAILURE() << "a walk that agrees with neither map:\n" << walked;
      break;
    }
  }
  is_over = true;
  publisher.join();
}

}  // namespace
}  // namespace surefoot::testing
