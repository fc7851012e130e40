// SPDX-License-Identifier: MIT
//
// The executor: the one place where a walk reads memory, and where every check that makes a read safe is made. Included
// by cursor.hpp.
#pragma once

#include "surefoot/cursor.hpp"

namespace surefoot {

template <StackReader R>
Cursor<R>::Cursor(const Start& start, const Context& context, R reader) noexcept
    : context_(&context), reader_(reader), stacks_(context.stacks), returns_(context.return_stack) {
  const std::size_t unusable = detail::StackTracker::find_unusable(context.stacks);
  if (unusable != context.stacks.size()) {
    stop(StopReason::bad_context, context.stacks[unusable].range.start());
    return;
  }
  evidence_ = returns_.initial_evidence();
  if (!context.special_ranges.is_valid()) evidence_ |= EvidenceBit::special_ranges_refused;
  if (is_doubtful(context.policy, evidence_)) doubt_from(0);
  begin(start);
}

template <StackReader R>
void Cursor<R>::begin(const Start& start) noexcept {
  switch (start.kind()) {
    case Start::Kind::no_stack: stop(StopReason::no_stack, 0); return;
    case Start::Kind::blocked_task:
      activity_ = start.activity();
      switches_ = activity_->load();
      if (TaskActivity::is_running(switches_)) {
        activity_ = nullptr;  // what it does from here on changes nothing
        stop(StopReason::task_running, 0);
        return;
      }
      [[fallthrough]];
    case Start::Kind::call: {
      const Registers& registers = start.registers();
      stacks_.enter_at_sp(registers.sp);
      enter_caller(registers.pc, registers.fp, Source::start, {});
      return;
    }
    case Start::Kind::exception: {
      const ExceptionFrame& frame = start.frame();
      if (frame.is_from_el0()) {
        // No kernel function was running: the chain is just the frame's own record.
        fp_ = reinterpret_cast<std::uintptr_t>(&frame.record);
        follow_record();
        return;
      }
      stacks_.enter_at_sp(frame.sp);
      const Interrupted registers{.pc = frame.pc, .fp = frame.fp, .sp = frame.sp, .lr = frame.lr, .x9 = frame.x[9]};
      enter_interrupted(registers, Source::start, {});
      return;
    }
  }
}

template <StackReader R>
void Cursor<R>::advance() noexcept {
  if (!has_frame_) return;
  has_frame_ = false;
  if (in_flight_ != 0) --in_flight_;
  if (is_lr_live_) {
    follow_link_register();
  } else {
    follow_rule();
  }
}

template <StackReader R>
void Cursor<R>::follow_rule() noexcept {
  if (rule_.in_flight != 0) in_flight_ = rule_.in_flight;
  switch (rule_.pc) {
    case From::nowhere:  // enter_frame() has noted that the record may not describe the code
    case From::frame_record: return follow_record();
    case From::link_register:
      if (!leave_frame()) return;
      if (rule_.lr == From::nowhere) return follow_link_register();
      // Traced code on the way to a trampoline: its own return address goes on in another register.
      return enter_resumed(lr_, Source::link_register);
    case From::x9: return enter_resumed(x9_, Source::x9);
    case From::stack: return follow_stack();
    case From::return_stack: return enter_caller(hook_, fp_, Source::return_stack, {});
    case From::saved_pair:
    case From::saved_pc: return follow_saved_pair();
    case From::final_record:
      // A caller that was invented. The record itself is checked like any other.
      if (fp_ != context_->final_record_at) return stop(StopReason::final_record_misplaced, fp_);
      return follow_record();
  }
}

// pc = lr, fp = fp
template <StackReader R>
void Cursor<R>::follow_link_register() noexcept {
  is_lr_live_ = false;
  enter_caller(lr_, fp_, Source::link_register, {});
}

// pc = [sp + offset], fp = fp
template <StackReader R>
void Cursor<R>::follow_stack() noexcept {
  std::uint64_t pc = 0;
  if (read_slot(rule_.offset, pc)) enter_resumed(pc, Source::stack);
}

// {pc, fp} = {[base + offset], [base + fp_offset]}, or fp = fp
template <StackReader R>
void Cursor<R>::follow_saved_pair() noexcept {
  std::uint64_t pc = 0;
  std::uint64_t fp = fp_;
  if (!read_slot(rule_.offset, pc)) return;
  if (rule_.pc == From::saved_pair && !read_slot(rule_.fp_offset, fp)) return;
  // A pair that is half overwritten: no function that returns to something has a caller without a record.
  if (pc == 0 || fp == 0) return stop(StopReason::half_zero_record, frame_base());
  if (leave_frame()) enter_caller(pc, fp, Source::frame_table, {});
}

// A word of the interrupted code's frame.
template <StackReader R>
bool Cursor<R>::read_slot(std::int32_t offset, std::uint64_t& word) noexcept {
  const std::uint64_t at = frame_base() + static_cast<std::uint64_t>(std::int64_t{offset});
  // A wild read, or one below sp or below what was consumed.
  if (at % 8 != 0) {
    stop(StopReason::misaligned_record, at);
    return false;
  }
  if (!stacks_.is_readable(at, sizeof word)) {
    stop(StopReason::off_stack, at);
    return false;
  }
  return read(at, word);
}

// The caller's sp: nothing of it is below.
template <StackReader R>
bool Cursor<R>::leave_frame() noexcept {
  if (rule_.base == Base::none) return true;
  const std::uint64_t cfa = frame_base() + static_cast<std::uint64_t>(std::int64_t{rule_.cfa_offset});
  // A garbage base: where sp is public it is a multiple of 16 [aapcs64 §6.4.5.1], and the caller is on the same stack.
  if (cfa % 16 != 0) {
    stop(StopReason::misaligned_record, cfa);
    return false;
  }
  if (!stacks_.is_readable(cfa, 0)) {
    stop(StopReason::off_stack, cfa);
    return false;
  }
  stacks_.consume_to(cfa);
  return true;
}

// {pc, fp} = {[fp + 8], [fp]}
template <StackReader R>
void Cursor<R>::follow_record() noexcept {
  const std::uint64_t record_at = fp_;
  // 1. A garbage fp. Records are 8-byte aligned at least: the one in an ExceptionFrame need not be 16.
  if (record_at % 8 != 0) return stop(StopReason::misaligned_record, record_at);
  // 2. A wild read, a loop on one stack, and a loop across stacks.
  const detail::StackTracker::Placement placement = stacks_.enter(record_at, sizeof(FrameRecord));
  if (!placement.is_readable) return stop(placement.reason, record_at);

  std::uint64_t fp = 0;
  std::uint64_t lr = 0;
  if (!read(record_at + SUREFOOT_FRAME_RECORD_OFFSET_FP, fp)) return;
  if (!read(record_at + SUREFOOT_FRAME_RECORD_OFFSET_LR, lr)) return;

  Evidence noticed;
  if (placement.is_on_other_stack) noticed |= EvidenceBit::changed_stack;
  if ((fp | lr) == 0) {
    // Code with a saved pc has a record beside it, of the function that it returns to.
    if (rule_.offset != 0) noticed |= EvidenceBit::saved_pc_differs;
    return follow_metadata(record_at, noticed);
  }
  // 3. A record that is half overwritten. A chain that merely ends in a zero is not known to be complete.
  if (fp == 0 || lr == 0) return stop(StopReason::half_zero_record, record_at);

  lr = context_->pac.strip(lr);
  if (rule_.offset != 0) noticed |= check_saved_pc(record_at, lr);
  stacks_.consume_to(record_at + sizeof(FrameRecord));
  enter_caller(lr, fp, Source::frame_record, noticed);
}

// The code of the present frame returns by a saved pc of its own, which a tracer may have changed. The record was made
// from the same address; a redirection through ftrace::redirect() keeps both on the same function, the record naming
// the instruction after the saved pc so that it looks up as a return address into it.
template <StackReader R>
Evidence Cursor<R>::check_saved_pc(std::uint64_t record_at, std::uint64_t lr) noexcept {
  const std::uint64_t at = record_at + static_cast<std::uint64_t>(std::int64_t{rule_.offset});
  std::uint64_t saved_pc = 0;
  if (at % 8 != 0 || !stacks_.is_readable(at, sizeof saved_pc) || !reader_.read(at, saved_pc)) {
    return EvidenceBit::saved_pc_differs;
  }
  if (saved_pc == lr || saved_pc + instruction_size == lr) return {};
  return EvidenceBit::saved_pc_differs;
}

template <StackReader R>
void Cursor<R>::follow_metadata(std::uint64_t record_at, Evidence noticed) noexcept {
  // A read past the end of the stack.
  if (!stacks_.is_readable(record_at, sizeof(MetadataRecord))) return stop(StopReason::metadata_off_stack, record_at);
  std::uint64_t type = 0;
  if (!read(record_at + SUREFOOT_METADATA_RECORD_OFFSET_TYPE, type)) return;
  switch (type) {
    case SUREFOOT_METADATA_FINAL: return reach_end(record_at, noticed);
    case SUREFOOT_METADATA_EXCEPTION: return cross_exception(record_at, noticed);
    default:  // not an enum: any value may be in memory
      return stop(StopReason::unknown_metadata, record_at);
  }
}

template <StackReader R>
void Cursor<R>::cross_exception(std::uint64_t record_at, Evidence noticed) noexcept {
  // A frame that sticks out of its stack, or that reaches down into what was already consumed. The subtraction may
  // wrap; the range check then refuses the result.
  const std::uint64_t frame_at = record_at - SUREFOOT_EXCEPTION_FRAME_OFFSET_RECORD;
  if (!stacks_.is_readable(frame_at, sizeof(ExceptionFrame))) {
    return stop(StopReason::exception_frame_off_stack, record_at);
  }
  Interrupted registers{};
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_PC, registers.pc)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_FP, registers.fp)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_SP, registers.sp)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_LR, registers.lr)) return;
  if (!read(frame_at + SUREFOOT_EXCEPTION_FRAME_OFFSET_X0 + 9 * 8, registers.x9)) return;
  stacks_.consume_to(frame_at + sizeof(ExceptionFrame));
  if (stacks_.enter_at_sp(registers.sp)) noticed |= EvidenceBit::changed_stack;
  enter_interrupted(registers, Source::exception_frame, noticed);
}

// The boundary pc is exact. The registers are kept for the rule of that pc; without one nothing says what they mean.
template <StackReader R>
void Cursor<R>::enter_interrupted(const Interrupted& registers, Source source, Evidence noticed) noexcept {
  fp_ = registers.fp;
  sp_ = registers.sp;
  lr_ = registers.lr;
  x9_ = registers.x9;
  in_flight_ = 0;
  enter_frame(CodeAddress(registers.pc, CodeAddress::Kind::exact), source, noticed | EvidenceBit::crossed_exception);
}

// Restore, then check: what is looked up is the address that control will really return to (hazard G1).
template <StackReader R>
void Cursor<R>::enter_caller(std::uint64_t pc, std::uint64_t fp, Source source, Evidence noticed) noexcept {
  pc = context_->pac.strip(pc);
  // First the entries that this very address is still in place of: what is left of them may then resolve it further, if
  // another mechanism had taken the address before.
  if (in_flight_ == 1 && returns_.use_in_flight(pc, fp, context_->pac)) noticed |= EvidenceBit::return_entry_in_flight;
  const detail::ReturnMatcher::Restored restored = returns_.restore(pc, fp, context_->special_ranges, context_->pac);
  if (restored.evidence.has(EvidenceBit::return_address_hooked)) source = Source::return_stack;
  // A hook that stays unresolved is no return address after a call: it names the very instruction that runs next.
  const bool is_hook = restored.evidence.has(EvidenceBit::return_address_unresolved);
  const CodeAddress::Kind kind = is_hook ? CodeAddress::Kind::exact : CodeAddress::Kind::return_address;
  fp_ = fp;
  enter_frame(CodeAddress(restored.pc, kind), source, noticed | restored.evidence);
  // The function that a skipped entry belongs to is missing somewhere after the last one that was matched.
  if (restored.evidence.has(EvidenceBit::return_entry_skipped)) doubt_from(matched_through_);
  constexpr Evidence matched = EvidenceBit::return_address_hooked | EvidenceBit::return_entry_in_flight;
  if (frame_.evidence.has(matched)) matched_through_ = index_;
}

// A function that a trampoline is about to enter or to leave alone: it resumes at pc, and returns by a register.
template <StackReader R>
void Cursor<R>::enter_resumed(std::uint64_t pc, Source source) noexcept {
  if (rule_.lr == From::x9) lr_ = x9_;
  is_lr_live_ = rule_.lr != From::nowhere;
  enter_frame(CodeAddress(context_->pac.strip(pc), CodeAddress::Kind::exact), source, {});
}

// The rule for the present frame, nowhere if none is known to hold.
template <StackReader R>
Rule Cursor<R>::choose_rule(CodeAddress address, const SpecialRange& special) const noexcept {
  const bool is_interrupted = frame_.evidence.has(EvidenceBit::crossed_exception);
  if (special.is_special()) return is_interrupted || !special.rule.needs_registers() ? special.rule : Rule{};
  if (!is_interrupted) return {.pc = From::frame_record};
  if (context_->patch_sites.contains(address.value())) return {.pc = From::link_register};
  // A table's rules are in terms of a frame that begins at sp. Where sp is on no stack, as after an overflow, or below
  // what was consumed, nothing that a rule says could be checked: none is followed, and the frame pointer decides.
  const bool has_frame = stacks_.is_readable(sp_, 0);
  if (context_->frame_table != nullptr && has_frame) return context_->frame_table->find(address.value());
  return {};
}

template <StackReader R>
void Cursor<R>::enter_frame(CodeAddress address, Source source, Evidence noticed) noexcept {
  bool is_text = address.value() % instruction_size == 0;
  if (is_text) {
    is_text = false;
    for (const AddressRange& range : context_->text) is_text |= range.contains(address.lookup(), instruction_size);
  }
  if (!is_text) noticed |= EvidenceBit::not_text;

  const SpecialRange special = context_->special_ranges.find(address.lookup());
  if (special.is_special()) noticed |= EvidenceBit::in_special_range;
  frame_ = {
      .pc = address.value(), .evidence = noticed, .kind = address.kind(), .source = source, .special = special.kind};
  rule_ = choose_rule(address, special);
  hook_ = special.range.start();
  if (!rule_.is_known()) {
    const bool is_interrupted = noticed.has(EvidenceBit::crossed_exception);
    frame_.evidence |= is_interrupted ? EvidenceBit::unknown_interrupted_code : EvidenceBit::special_code_without_rule;
    noticed = frame_.evidence;
  }
  evidence_ |= noticed;
  if (is_doubtful(context_->policy, noticed)) doubt_from(index_);
  ++index_;
  has_frame_ = true;
}

template <StackReader R>
void Cursor<R>::reach_end(std::uint64_t record_at, Evidence noticed) noexcept {
  // The end of another task's stack, or a forged one.
  if (record_at != context_->final_record_at) return stop(StopReason::final_record_misplaced, record_at);
  if (returns_.has_left_over()) {
    noticed |= EvidenceBit::return_entry_left_over;
    doubt_from(matched_through_);
  }
  evidence_ |= noticed;
  stop(StopReason::final_record, record_at);
}

template <StackReader R>
void Cursor<R>::stop(StopReason reason, std::uint64_t at) noexcept {
  has_frame_ = false;
  has_ended_ = true;
  stop_ = reason;
  stop_at_ = at;
}

template <StackReader R>
void Cursor<R>::doubt_from(std::size_t index) noexcept {
  if (index < first_doubtful_) first_doubtful_ = index;
}

template <StackReader R>
bool Cursor<R>::read(std::uint64_t address, std::uint64_t& word) noexcept {
  if (reader_.read(address, word)) return true;
  stop(StopReason::unreadable, address);
  return false;
}

template <StackReader R>
Verdict Cursor<R>::verdict() const noexcept {
  Verdict verdict;
  verdict.stop = stop_;
  verdict.stop_at = has_ended_ ? stop_at_ : fp_;
  verdict.evidence = evidence_;
  verdict.first_doubtful = first_doubtful_ < index_ ? first_doubtful_ : index_;
  if (activity_ != nullptr) {
    // The frames were read before the activity is looked at again.
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (activity_->load() != switches_) {
      verdict.stop = StopReason::task_moved;
      verdict.stop_at = 0;
      verdict.first_doubtful = 0;
    }
  }
  verdict.reliability = classify(context_->policy, verdict.evidence, verdict.stop);
  return verdict;
}

}  // namespace surefoot
