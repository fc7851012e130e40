// SPDX-License-Identifier: MIT
//
// The executor: the one place where a walk reads memory, and where every check that makes a read safe is made. Included
// by walker.hpp.
//
// Each step is written once, used once, and made part of the one function that walks: with a function for each, the
// walk would take twice as much of the stack that it walks. follow_plain_records() alone is a function of its own, to
// have all registers for itself.
#pragma once

#include "surefoot/detail/walker.hpp"

namespace surefoot::detail {

template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::begin(const Start& start) noexcept {
  const std::size_t unusable = StackTracker::find_unusable(context_->stacks);
  if (unusable != context_->stacks.size()) [[unlikely]] {
    return stop(StopReason::bad_context, context_->stacks[unusable].range.start());
  }
  // 1. The activity of another task, and then its return stack: a depth that is older than the activity word would hide
  // an entry that the task has pushed in between (hazard G18). The rest of the task is read later still.
  if (const TaskActivity* activity = start.activity(); activity != nullptr) switches_ = activity->load();
  // 2. The depth.
  returns_ = ReturnMatcher(context_->return_stack);
  if (ReturnMatcher::is_damaged(context_->return_stack)) evidence_ |= EvidenceBit::return_stack_damaged;
  if (!context_->special_ranges.is_valid()) evidence_ |= EvidenceBit::special_ranges_refused;
  if (is_doubtful(context_->policy, evidence_)) doubt_from(0);

  const Start::Kind kind = start.kind();
  if (kind == Start::Kind::no_stack) [[unlikely]]
    return stop(StopReason::no_stack, 0);
  if (kind == Start::Kind::exception) [[unlikely]] {
    const ExceptionFrame& frame = start.frame();
    // The frame's own record tells whose code was interrupted: the mode bits alone could not, of a guest's exit or at
    // EL2. If it was no kernel code, the chain is just that record.
    fp_ = reinterpret_cast<std::uintptr_t>(&frame.record);
    if (frame.record.type != MetadataType::exception) return;
    fp_ = frame.fp;
    sp_ = frame.sp;
    lr_ = frame.lr;
    x9_ = frame.x[9];
    noticed_ = EvidenceBit::crossed_exception;
    if (is_el0(frame.pstate)) noticed_ |= EvidenceBit::interrupted_el0;
    returns_.cross_exception();
    set_next(frame.pc, CodeAddress::Kind::exact, Source::start);
  } else {
    // What it does from here on changes nothing.
    if (kind == Start::Kind::blocked_task && TaskActivity::is_running(switches_)) [[unlikely]]
      return stop(StopReason::task_running, 0);
    const Registers& registers = start.registers();
    fp_ = registers.fp;
    sp_ = registers.sp;
    set_next(registers.pc, CodeAddress::Kind::return_address, Source::start);
  }
  is_sp_new_ = true;
}

template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::take(std::span<Frame> frames) noexcept {
  Frame* out = frames.data();
  const Frame* const end = out + frames.size();
  // Bounded by the buffer, and by the stacks: see the class.
  for (; stop_ == StopReason::truncated; out = find_caller(out, end)) {
    if (!has_found_) [[unlikely]]
      continue;  // an exception of other than kernel code has just a record
    if (out == end) break;
    enter(*out++);
  }
}

template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::enter(Frame& frame) noexcept {
  if (is_sp_new_) stacks_.enter_at_sp(context_->stacks, sp_, noticed_);
  is_sp_new_ = false;
  rule_ = {.pc = From::frame_record};
  special_ = SpecialKind::none;
  if (!is_plain()) [[unlikely]]
    special_ = look_closer();
  frame = {.pc = pc_, .evidence = noticed_, .kind = kind_, .source = source_, .special = special_};
  if (!noticed_.is_empty()) [[unlikely]]
    weigh();
  noticed_ = {};
  ++count_;
}

// True if nothing is special about the address. Looks as far around it as that is so, for the frames to come.
template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::is_plain() noexcept {
  if (kind_ != CodeAddress::Kind::return_address) [[unlikely]]
    return false;
  pc_ = context_->pac.strip(pc_);
  if (in_flight_ == 1) [[unlikely]]
    return false;
  if (plain_.contains(pc_, 0)) return true;
  const std::uint64_t call = pc_ - instruction_size;
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  for (const AddressRange& range : context_->text) {
    if (!range.contains(call, instruction_size)) continue;
    start = range.start();
    end = range.end();
    break;
  }
  const SpecialRanges& ranges = context_->special_ranges;
  const std::size_t above = ranges.first_above(call);
  if (above != 0 && ranges.end(above - 1) > start) start = ranges.end(above - 1);
  if (above != ranges.size() && ranges.start(above) < end) end = ranges.start(above);
  if (const ReturnEntry* newest = returns_.newest(context_->return_stack)) {
    if (newest->hook > call && newest->hook < end) end = newest->hook;
    if (newest->hook <= call && newest->hook >= start) start = newest->hook + 1;
  }
  plain_ = PlainCode(start, end);
  return plain_.contains(pc_, 0);
}

// Restore, then check: what is looked up is the address that control will really return to (hazard G1).
template <StackReader R>
[[gnu::always_inline]] inline SpecialKind Walker<R>::look_closer() noexcept {
  if (kind_ == CodeAddress::Kind::return_address) restore();
  plain_ = {};  // other hooks may count now
  const std::uint64_t at = CodeAddress(pc_, kind_).lookup();
  const SpecialRanges& ranges = context_->special_ranges;
  const std::size_t above = ranges.first_above(at);
  if (!is_text(context_->text, at)) noticed_ |= EvidenceBit::not_text;

  const bool is_interrupted = noticed_.has(EvidenceBit::crossed_exception);
  SpecialKind special = SpecialKind::none;
  if (above != 0 && ranges.end(above - 1) > at) {
    noticed_ |= EvidenceBit::in_special_range;
    special = ranges.kind(above - 1);
    rule_ = ranges.rule(above - 1);
    if (!is_interrupted && rule_.needs_registers()) rule_ = {};
  } else if (is_interrupted) {
    choose_interrupted_rule();
  }
  if (!rule_.is_known()) {
    noticed_ |= is_interrupted ? EvidenceBit::unknown_interrupted_code : EvidenceBit::special_code_without_rule;
  }
  if (is_lr_live_) rule_ = {.pc = From::link_register};
  is_lr_live_ = false;
  return special;
}

template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::restore() noexcept {
  const PointerAuthMask pac = context_->pac;
  // First the entries that this very address is still in place of: what is left of them may then resolve it further, if
  // another mechanism had taken the address before.
  if (in_flight_ == 1) noticed_ |= returns_.use_in_flight(context_->return_stack, pc_, fp_, pac);
  const ReturnMatcher::Restored restored =
      returns_.restore(context_->return_stack, pc_, fp_, context_->special_ranges, context_->text, pac);
  pc_ = restored.pc;
  noticed_ |= restored.evidence;
  if (restored.evidence.has(EvidenceBit::return_address_hooked)) source_ = Source::return_stack;
  // A hook that stays unresolved is no return address after a call: it names the very instruction that runs next.
  if (restored.evidence.has(EvidenceBit::return_address_unresolved)) kind_ = CodeAddress::Kind::exact;
}

template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::weigh() noexcept {
  evidence_ |= noticed_;
  if (is_doubtful(context_->policy, noticed_)) doubt_from(count_);
  // The function that a skipped entry belongs to is missing somewhere after the last one that was matched.
  constexpr Evidence passed_over = EvidenceBit::return_entry_skipped | EvidenceBit::return_entry_invalid;
  if (noticed_.has(passed_over)) doubt_from(matched_through_);
  constexpr Evidence matched = EvidenceBit::return_address_hooked | EvidenceBit::return_entry_in_flight;
  if (noticed_.has(matched)) matched_through_ = count_ + 1;
}

// By what the present frame's rule says of its caller. Plain frames go straight to [out, end).
template <StackReader R>
[[gnu::always_inline]] inline Frame* Walker<R>::find_caller(Frame* out, const Frame* end) noexcept {
  if (in_flight_ != 0) [[unlikely]] {
    --in_flight_;
    plain_ = {};
  }
  if (rule_.in_flight != 0) [[unlikely]]
    in_flight_ = rule_.in_flight;
  // Without a known rule as well: enter() has noted that the record may not describe the code.
  const bool is_by_record = rule_.pc <= From::frame_record;
  if (!is_by_record) [[unlikely]] {
    if (!follow_other_rule()) return out;
  }
  if (!place_record()) [[unlikely]]
    return out;
  const std::uint32_t before = count_;
  const FrameRecord record = follow_plain_records(out, end);
  if (stop_ == StopReason::truncated) follow_record(record);
  return out + (count_ - before);
}

// All that a walk of plain records does. A record is plain if its return address is in plain_, and the next record
// further up on the present stack. Returns the first record that is not, or that there is no room for.
template <StackReader R>
[[gnu::noinline]] FrameRecord Walker<R>::follow_plain_records(Frame* out, const Frame* end) noexcept {
  const PlainCode plain = plain_;
  // Stripped, a return address of plain code has these bits, whichever it had.
  const std::uint64_t code_mask = context_->pac.bits();
  const std::uint64_t code_bits = context_->pac.strip(plain.start()) & code_mask;
  const AddressRange stack = stacks_.rest(context_->stacks);
  const std::uint64_t last = stack.end() - sizeof(FrameRecord);  // the record at fp_ is there, or below
  const Frame* const first = out;
  std::uint64_t low = stack.start();
  std::uint64_t at = fp_;
  FrameRecord record{};
  // Apart from its loop: inside of it, compilers move about what one record leaves for the next.
  const auto take_one = [&] [[gnu::always_inline]] () noexcept {
    if (!reader_.read(at + SUREFOOT_FRAME_RECORD_OFFSET_FP, record.fp)) {
      stop_ = StopReason::unreadable;
      return false;
    }
    if (!reader_.read(at + SUREFOOT_FRAME_RECORD_OFFSET_LR, record.lr)) {
      stop_ = StopReason::unreadable;
      at += SUREFOOT_FRAME_RECORD_OFFSET_LR;
      return false;
    }
    const std::uint64_t pc = (record.lr & ~code_mask) | code_bits;
    const std::uint64_t consumed = at + sizeof(FrameRecord);
    if (out == end || !plain.contains(pc, record.fp) || record.fp < consumed || record.fp > last) return false;
    *out++ = {.pc = pc,
              .evidence = {},
              .kind = CodeAddress::Kind::return_address,
              .source = Source::frame_record,
              .special = SpecialKind::none};
    low = consumed;
    at = record.fp;
    return true;
  };
  while (take_one()) {
  }
  fp_ = at;
  stacks_.consume_to(low);
  count_ += static_cast<std::uint32_t>(out - first);
  return record;
}

// {pc, fp} = {[fp + 8], [fp]}
template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::follow_record(FrameRecord record) noexcept {
  if (record.fp == 0 || record.lr == 0) return follow_zero(record.fp | record.lr);
  if (rule_.offset != 0 && !has_same_saved_pc(context_->pac.strip(record.lr))) {
    noticed_ |= EvidenceBit::saved_pc_differs;
  }
  if (rule_.fp_offset != 0 && !has_same_saved_registers(record.fp)) noticed_ |= EvidenceBit::saved_pc_differs;
  // An exception that left no metadata: the record is the interrupted function's, which may have a caller elsewhere.
  if (special_ == SpecialKind::exception_entry && rule_.is_known()) noticed_ |= EvidenceBit::unknown_interrupted_code;
  stacks_.consume_to(fp_ + sizeof(FrameRecord));
  fp_ = record.fp;
  set_next(record.lr, CodeAddress::Kind::return_address, Source::frame_record);
}

// Goes to the stack of the record at fp_, if it may be read.
template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::place_record() noexcept {
  // 1. A garbage fp. Records are 8-byte aligned at least: the one in an ExceptionFrame need not be 16.
  // 2. A wild read, a loop on one stack, and a loop across stacks.
  const StopReason reason =
      fp_ % 8 != 0 ? StopReason::misaligned_record : stacks_.enter(context_->stacks, fp_, noticed_);
  if (!noticed_.is_empty()) plain_ = {};
  if (reason == StopReason::truncated) return true;
  stop(reason, fp_);
  return false;
}

// The code of the present frame returns by a saved pc of its own, which a tracer may have changed. The record was made
// from the same address; a redirection through ftrace::redirect() keeps both on the same function, the record naming
// the instruction after the saved pc so that it looks up as a return address into it.
template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::has_same_saved_pc(std::uint64_t lr) noexcept {
  const std::uint64_t at = fp_ + static_cast<std::uint64_t>(std::int64_t{rule_.offset});
  std::uint64_t saved_pc = 0;
  if (at % 8 != 0 || !stacks_.is_readable(context_->stacks, at, sizeof saved_pc)) return false;
  return reader_.read(at, saved_pc) && (saved_pc == lr || saved_pc + instruction_size == lr);
}

// The registers {x29, x30} that the caller of the present frame gets back, which a tracer may have changed (hazard F6),
// against the caller's own record. That was made from the same two. A tracer that hooks the caller's return changes x30
// alone, and has pushed the entry that leads back to the address in the record.
template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::has_same_saved_registers(std::uint64_t callers_record_at) noexcept {
  FrameRecord saved{};
  FrameRecord record{};
  if (!read_record(fp_ + static_cast<std::uint64_t>(std::int64_t{rule_.fp_offset}), saved)) return false;
  if (!read_record(callers_record_at, record)) return false;
  const std::uint64_t lr = context_->pac.strip(saved.lr);
  const std::uint64_t true_lr = context_->pac.strip(record.lr);
  return saved.fp == record.fp && (lr == true_lr || returns_.does_lead(context_->return_stack, lr, saved.fp, true_lr,
                                                                       context_->text, context_->pac));
}

// Two words on the present stack, above what was consumed.
template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::read_record(std::uint64_t at, FrameRecord& record) noexcept {
  if (at % 8 != 0 || !stacks_.is_readable(context_->stacks, at, sizeof record)) return false;
  return reader_.read(at + SUREFOOT_FRAME_RECORD_OFFSET_FP, record.fp) &&
         reader_.read(at + SUREFOOT_FRAME_RECORD_OFFSET_LR, record.lr);
}

// A record with a zero in one of its words, or in both.
template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::follow_zero(std::uint64_t other_word) noexcept {
  // 3. A record that is half overwritten. A chain that merely ends in a zero is not known to be complete.
  if (other_word != 0) return stop(StopReason::half_zero_record, fp_);
  // A read past the end of the stack.
  if (!stacks_.is_readable(context_->stacks, fp_, sizeof(MetadataRecord))) {
    return stop(StopReason::metadata_off_stack, fp_);
  }
  std::uint64_t type = 0;
  if (!read(fp_ + SUREFOOT_METADATA_RECORD_OFFSET_TYPE, type)) return;
  // Code with a saved pc has a record beside it, of the function that it returns to.
  if (rule_.offset != 0 || rule_.fp_offset != 0) noticed_ |= EvidenceBit::saved_pc_differs;
  switch (type) {
    case SUREFOOT_METADATA_FINAL: return reach_end();
    case SUREFOOT_METADATA_EXCEPTION: return cross_exception();
    default:  // not an enum: any value may be in memory
      return stop(StopReason::unknown_metadata, fp_);
  }
}

// A context that names address 0 names no final record: it was left out.
template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::is_at_final_record() const noexcept {
  return fp_ == context_->final_record_at && fp_ != 0;
}

template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::reach_end() noexcept {
  // The end of another task's stack, or a forged one.
  if (!is_at_final_record()) return stop(StopReason::final_record_misplaced, fp_);
  Evidence left;
  if (returns_.newest(context_->return_stack) != nullptr) left |= EvidenceBit::return_entry_left_over;
  left |= returns_.pass_rest(context_->return_stack);
  if (!left.is_empty()) doubt_from(matched_through_);
  evidence_ |= noticed_ | left;
  stop(StopReason::final_record, fp_);
}

// The registers are kept for the rule of the interrupted pc; without one nothing says what they mean.
template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::cross_exception() noexcept {
  // A frame that sticks out of its stack, or that reaches down into what was already consumed. The subtraction may
  // wrap; the range check then refuses the result.
  const std::uint64_t frame_at = fp_ - SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD;
  if (!stacks_.is_readable(context_->stacks, frame_at, sizeof(ExceptionFrame))) {
    return stop(StopReason::exception_frame_off_stack, fp_);
  }
  std::uint64_t pc = 0;
  std::uint64_t pstate = 0;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_PC, pc)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_PSTATE, pstate)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_FP, fp_)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, sp_)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_LR, lr_)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_X0 + 9 * 8, x9_)) return;
  stacks_.consume_to(frame_at + sizeof(ExceptionFrame));
  is_sp_new_ = true;
  noticed_ |= EvidenceBit::crossed_exception;
  if (is_el0(pstate)) noticed_ |= EvidenceBit::interrupted_el0;
  returns_.cross_exception();
  in_flight_ = 0;
  set_next(pc, CodeAddress::Kind::exact, Source::exception_frame);
}

template <StackReader R>
[[gnu::always_inline]] inline bool Walker<R>::read(std::uint64_t address, std::uint64_t& word) noexcept {
  if (reader_.read(address, word)) return true;
  stop(StopReason::unreadable, address);
  return false;
}

// The next frame goes on at pc, with its record at fp_.
template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::set_next(std::uint64_t pc, CodeAddress::Kind kind,
                                                       Source source) noexcept {
  pc_ = pc;
  kind_ = kind;
  source_ = source;
  has_found_ = true;
}

template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::stop(StopReason reason, std::uint64_t at) noexcept {
  stop_ = reason;
  fp_ = at;
}

template <StackReader R>
[[gnu::always_inline]] inline void Walker<R>::doubt_from(std::uint32_t index) noexcept {
  if (index < first_doubtful_) first_doubtful_ = index;
}

template <StackReader R>
[[gnu::always_inline]] inline Verdict Walker<R>::verdict(const TaskActivity* activity) const noexcept {
  Verdict verdict;
  verdict.stop = stop_;
  verdict.stop_at = fp_;
  verdict.evidence = evidence_;
  verdict.first_doubtful = first_doubtful_ < count_ ? first_doubtful_ : count_;
  // Of a task whose stack was read. The frames were read before the activity is looked at again.
  if (activity != nullptr && has_found_) {
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (activity->load() != switches_) {
      verdict.stop = StopReason::task_moved;
      verdict.stop_at = 0;
      verdict.first_doubtful = 0;
    }
  }
  verdict.reliability = classify(context_->policy, verdict.evidence, verdict.stop);
  return verdict;
}

}  // namespace surefoot::detail
