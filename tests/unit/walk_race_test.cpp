// SPDX-License-Identifier: MIT
//
// A walk of another task against that task's own CPU (hazards G18, T14), for real: two host threads. One thread is the
// task, which blocks, hooks a return address, and blocks again; the other walks it.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <iostream>
#include <optional>
#include <thread>

#include "support/code_map.hpp"
#include "support/context.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

// There are at least so many walks, and among them so many reliable ones. The second number is what takes long where
// the host has no CPU for the task and stopped it in the middle of a hook: not one walk is reliable then.
constexpr std::uint64_t walks_wanted = 200'000;
constexpr std::uint64_t reliable_wanted = 100;

// A task with one record, of a function that returns to ret(1). It is hooked and unhooked in turns, each time between
// two moments at which the task is blocked.
class HookedTask {
 public:
  HookedTask() {
    const auto base = reinterpret_cast<std::uintptr_t>(words_.data());
    words_[0] = base + final_index * 8;
    words_[1] = ret(1);
    words_[final_index + 2] = SUREFOOT_METADATA_FINAL;
    saved_ = {.fp = base, .sp = base, .pc = ret(0)};
    stacks_[0] = {.range = AddressRange(base, base + sizeof words_)};
    for (std::size_t i = 1; i < max_stacks; ++i) stacks_[i] = {.range = AddressRange(0x1000 * i, 0x1000 * i + 0x800)};
    Context context;
    context.stacks = stacks_;
    context.text = text_;
    context.special_ranges = SpecialRanges::none();  // the entry alone tells that the hook is one
    context.return_stack = &return_stack_;
    context.final_record_at = words_[0];
    world_.emplace(context);
  }
  HookedTask(const HookedTask&) = delete;
  HookedTask& operator=(const HookedTask&) = delete;

  void hook() {
    activity_.enter_cpu();
    (void)return_stack_.push(
        {.return_address = ret(1), .function = code::function(2), .key = words_[0], .hook = hook_});
    set_return_address(hook_);
    activity_.leave_cpu();
  }
  void unhook() {
    activity_.enter_cpu();
    set_return_address(ret(1));
    return_stack_.pop();
    activity_.leave_cpu();
  }
  [[nodiscard]] Trace walk(std::span<Frame> frames) const {
    return surefoot::walk(Start::blocked_task(saved_, activity_), world_->kernel(), world_->task(), frames);
  }

 private:
  static constexpr std::size_t final_index = 4;
  static constexpr std::uint64_t hook_ = ret(7);

  // The walk reads it meanwhile.
  void set_return_address(std::uint64_t value) { __atomic_store_n(&words_[1], value, __ATOMIC_RELAXED); }

  alignas(16) std::array<std::uint64_t, 8> words_{};
  // As many as there may be: to look for the task's takes the walk some time.
  std::array<Stack, max_stacks> stacks_;
  std::array<AddressRange, 1> text_{AddressRange(code::text_start, code::text_end)};
  Registers saved_{};
  TaskActivity activity_;
  std::array<ReturnEntry, 4> storage_;
  ReturnStack return_stack_{storage_};
  std::optional<World> world_;
};

TEST(WalkRace, G18_T14_NeverTrustsATaskThatHookedAReturnAndBlockedAgainMeanwhile) {
  HookedTask task;
  std::atomic<bool> is_over = false;
  std::thread runner([&] {
    while (!is_over.load(std::memory_order_relaxed)) {
      task.hook();
      task.unhook();
    }
  });
  std::uint64_t walk_count = 0;
  std::uint64_t reliable_count = 0;
  std::uint64_t false_count = 0;
  for (; walk_count < walks_wanted || reliable_count < reliable_wanted; ++walk_count) {
    std::array<Frame, 4> frames;
    const Trace trace = task.walk(frames);
    if (!trace.verdict.is_reliable()) {
      if (walk_count >= walks_wanted) std::this_thread::yield();
      continue;
    }
    ++reliable_count;
    const bool is_true = trace.frames.size() == 2 && frames[0].pc == ret(0) && frames[1].pc == ret(1);
    if (!is_true) ++false_count;
  }
  is_over = true;
  runner.join();
  EXPECT_EQ(false_count, 0U) << "of " << reliable_count << " reliable ones";
  std::cout << reliable_count << " of " << walk_count << " walks were reliable\n";
}

}  // namespace
}  // namespace surefoot::testing
