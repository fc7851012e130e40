// SPDX-License-Identifier: MIT
//
// Where a walk starts: at a call, at a blocked task, at what an exception interrupted, or nowhere. The registers that
// an exception saved are read here, for the start and for exceptions in the middle of a chain.
#pragma once

#include "stacks.hpp"
#include "state.hpp"
#include "surefoot/start.hpp"

namespace surefoot::detail {

/// Reads a word of the exception frame that was crossed last.
[[nodiscard]] SUREFOOT_INLINE inline Word read_saved(const State& state, unsigned offset) noexcept {
  const std::uint64_t at = state.next.registers_at + offset;
  if (!state.is_frame_local && state.task->memory != nullptr) [[unlikely]]
    return read_foreign(*state.task->memory, at);
  return {load_word(at), true};
}

/// The same; the walk has ended if it could not be read.
[[nodiscard]] SUREFOOT_INLINE inline Word read_saved_or_stop(State& state, unsigned offset) noexcept {
  const Word word = read_saved(state, offset);
  if (!word.is_read) [[unlikely]]
    stop(state, StopReason::unreadable, state.next.registers_at + offset);
  return word;
}

/// The next frame is what the exception interrupted that saved its registers at `frame_at`. Requires that the frame may
/// be read.
SUREFOOT_STEP inline void cross_exception(State& state, std::uint64_t frame_at, Source source) noexcept {
  const ExceptionLayout& layout = state.kernel->exception();
  Next& next = state.next;
  next.registers_at = frame_at;
  next.pc = read_saved_or_stop(state, layout.pc).value;
  next.fp = state.kernel->tags().strip(read_saved_or_stop(state, layout.fp).value);
  // Without sp, the frame is on the interrupted stack. Its end may be where another one begins.
  std::uint64_t on_stack = frame_at;
  next.sp = frame_at + layout.size;
  if (layout.sp != ExceptionLayout::absent) {
    on_stack = next.sp = state.kernel->tags().strip(read_saved_or_stop(state, layout.sp).value);
  }
  if (layout.pstate != ExceptionLayout::absent && is_from_el0(read_saved_or_stop(state, layout.pstate).value)) {
    next.noticed |= EvidenceBit::interrupted_el0;
  }
  next.noticed |= EvidenceBit::crossed_exception;
  next.source = source;
  next.found = Found::interrupted;
  next.is_sp_known = true;
  state.in_flight = 0;
  if (state.exceptions != 0xff) ++state.exceptions;
  enter_at_sp(state, next.sp, on_stack);
}

/// What an exception interrupted, as its own record says; where records are untyped, as pstate says.
SUREFOOT_STEP inline void begin_at_exception(State& state, const Start& start) noexcept {
  const ExceptionLayout& layout = state.kernel->exception();
  Next& next = state.next;
  const std::uint64_t frame_at = state.kernel->tags().strip(start.frame_at());
  state.is_frame_local = start.is_frame_local();
  next.registers_at = frame_at;
  bool is_kernel = true;
  if (layout.typing == RecordTyping::typed) {
    next.fp = frame_at + layout.record;
    is_kernel =
        read_saved_or_stop(state, layout.record + SUREFOOT_METADATA_RECORD_OFFSET_TYPE).value == layout.exception_type;
  } else if (layout.pstate != ExceptionLayout::absent) {
    next.fp = state.task->final_record_at;
    is_kernel = !is_from_el0(read_saved_or_stop(state, layout.pstate).value);
  }
  if (is_kernel) cross_exception(state, frame_at, Source::start);
}

/// Finds the first frame. False if the walk has ended at once.
SUREFOOT_INLINE inline bool begin(State& state, const Start& start) noexcept {
  const auto refuse = [&state] [[gnu::always_inline]] (StopReason reason) noexcept {
    stop(state, reason, 0);
    return false;
  };
  const Kernel& kernel = *state.kernel;
  const Task& task = *state.task;
  if (start.kind() == Start::Kind::no_stack) [[unlikely]]
    return refuse(StopReason::no_stack);
  if (task.stacks.size() + task.cpu_stacks.size() > max_stacks || task.return_stacks.size() > max_return_stacks)
      [[unlikely]] {
    return refuse(StopReason::bad_task);
  }
  if (start.activity() != nullptr) {
    // Before anything else of the task: what is read afterwards belongs to this stay off the CPU, or the task has
    // moved.
    state.switches = start.activity()->load();
    if (TaskActivity::is_running(state.switches)) return refuse(StopReason::task_running);
  }
  std::uint16_t* unused = state.unused.below;
  for (const ReturnStack* const stack : task.return_stacks) {
    const std::uint32_t depth = stack->depth();
    *unused++ = static_cast<std::uint16_t>(depth);
    if (depth > stack->capacity()) [[unlikely]] {
      // Not of any frame: none of its entries is used.
      unused[-1] = 0;
      state.totals.evidence |= EvidenceBit::return_stack_damaged;
      doubt_from(state, 0);
    }
  }
  state.near.plain = state.code->widest();
  state.near.hook = state.code->first_hook();
  if (start.kind() == Start::Kind::exception) {
    begin_at_exception(state, start);
    return state.stop == StopReason::truncated;
  }
  const Registers& registers = start.registers();
  const AddressTagMask tags = kernel.tags();
  state.next.pc = registers.pc;
  state.next.fp = tags.strip(registers.fp);
  state.next.sp = tags.strip(registers.sp);
  state.next.found = Found::by_call;
  state.next.is_sp_known = true;
  // Mostly the task's first stack.
  if (task.stacks.size() != 0 && task.stacks[0].range.contains(state.next.sp)) [[likely]] {
    state.stack = {.low = state.next.sp, .end = task.stacks[0].range.end(), .entered = 1};
  } else {
    enter_at_sp(state, state.next.sp, state.next.sp);
  }
  return true;
}

}  // namespace surefoot::detail
