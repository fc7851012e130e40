// SPDX-License-Identifier: MIT
//
// A stack that is used up, and an sp that is no stack at all: both end on the overflow stack, with the interrupted
// state.
#include <cstdint>

#include "arch/exceptions.hpp"
#include "memory/stacks.hpp"
#include "platform/check.hpp"
#include "platform/probes.hpp"
#include "sched/scheduler.hpp"

namespace kernel::selftest {
namespace {

struct Seen {
  std::uint32_t count;
  std::uint64_t sp;
  std::uint64_t far;
  std::uint64_t fp;
  bool was_on_overflow_stack;
  bool is_data_abort;
};
constinit Seen seen = {};

void note_and_retire(ExceptionFrame& frame) noexcept {
  const auto own_record = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  ++seen.count;
  seen.sp = interrupted_sp(frame);
  const Syndrome syndrome = read_syndrome();
  seen.far = syndrome.far;
  seen.fp = frame.fp;
  seen.was_on_overflow_stack = overflow_stack().contains(own_record, 16) &&
                               overflow_stack().contains(reinterpret_cast<std::uintptr_t>(&frame), sizeof(frame));
  seen.is_data_abort = exception_class(syndrome.esr) == ExceptionClass::data_abort;
  sched::retire_interrupted_task(frame);
}

// Without end, in frames of a few words; the asm statement keeps it from becoming a loop.
[[gnu::noinline]] void recurse(std::uint64_t depth) noexcept {
  if (depth == ~std::uint64_t{0}) return;
  recurse(depth + 1);
  asm volatile("" ::: "memory");
}

constexpr std::uint64_t sp_in_no_stack = 0x1000;

void run_in_task(TaskFunction function, std::uint64_t argument) noexcept {
  seen = {};
  Task* const task = sched::create("overflowing", function, argument);
  sched::join(*task);
}

}  // namespace

void check_overflow() noexcept {
  const ExceptionHook before = set_stack_overflow_hook(note_and_retire);

  run_in_task(recurse, 0);
  const surefoot::AddressRange guard = guard_below(task_stack(1));
  check("overflow: a stack that is used up leads to the overflow stack",
        seen.count == 1 && seen.was_on_overflow_stack && seen.is_data_abort);
  check("overflow: the frame says where: far in the guard, fp and sp at the end of the stack",
        guard.contains(seen.far, 1) && seen.far >= guard.end() - 256 &&
            (!has_sp_in_frame || seen.sp <= guard.end() + 256) && task_stack(1).contains(seen.fp, 16));
  check("overflow: the task ends, and the others run on", sched::at(1).state == TaskState::unused);

  run_in_task(probe_push_with_sp, sp_in_no_stack);
  check("overflow: an sp that is in no stack leads there too",
        seen.count == 1 && seen.was_on_overflow_stack && seen.far == sp_in_no_stack - sizeof(surefoot::FrameRecord) &&
            (!has_sp_in_frame || seen.sp == sp_in_no_stack));

  set_stack_overflow_hook(before);
}

}  // namespace kernel::selftest
