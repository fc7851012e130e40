// SPDX-License-Identifier: MIT
//
// Executing a rule: from a frame to its caller. The checks that make a read safe are here and in stacks.hpp, once,
// whatever the rule says.
#pragma once

#include "begin.hpp"
#include "code.hpp"
#include "returns.hpp"
#include "stacks.hpp"
#include "state.hpp"

namespace surefoot::detail {

/// What became of a rule.
enum class Followed : std::uint8_t {
  to_next,    ///< the caller is found, or the walk has ended
  by_record,  ///< the frame record says the same
  not_at_all  ///< it does not hold here
};

/// A word of a stack that is not consumed. Not read if the address is garbage, outside of the stack, or below sp.
[[nodiscard]] SUREFOOT_STEP inline Word read_slot(const State& state, const PresentStack& stack,
                                                  std::uint64_t at) noexcept {
  return at % 8 == 0 && is_readable(stack, at, 8) ? read_word(state, at) : Word{};
}

/// True if return-stack entries with the key `fp` that were not used lead from `lr`, which was hooked meanwhile, to the
/// address `to` that is still in the record. An entry whose address is in place is about to be hooked.
[[nodiscard]] SUREFOOT_STEP inline bool leads_to(const State& state, std::uint64_t lr, std::uint64_t to,
                                                 std::uint64_t fp) noexcept {
  const PointerAuthMask pac = state.kernel->pac();
  const std::size_t stack_count = state.task->return_stacks.size();
  // Once for each return stack: mechanisms with stacks of their own may have hooked the address in any order.
  for (std::size_t round = 0; round < stack_count * stack_count; ++round) {
    const std::size_t number = round % stack_count;
    const ReturnStack& stack = *state.task->return_stacks[number];
    for (std::uint32_t index = state.unused.below[number]; index > 0; --index) {
      const ReturnEntry& entry = stack.slot(index - 1);
      const std::uint64_t return_address = pac.strip(entry.load_return_address());
      if (return_address == 0) continue;
      if (state.kernel->tags().strip(entry.key) != fp) break;
      if (entry.hook != lr) {
        if (return_address != lr) break;
        continue;
      }
      if (!is_code(*state.code, lr)) return false;
      lr = return_address;
      if (lr == to) return true;
    }
  }
  return false;
}

/// The record at next.fp and the registers by which its code will really return agree. The rule tells where these are;
/// a tracer may have changed them.
///
///   record + fp_offset   saved fp, saved lr     how the function will return to its caller
///   record + offset      saved pc               where the trampoline resumes the function
///   record               {caller's record, pc}  the same, as the chain says it
///   caller's record      {fp, lr}
[[nodiscard]] SUREFOOT_STEP inline bool has_same_registers(const State& state, const Rule& rule,
                                                           FrameRecord record) noexcept {
  const PointerAuthMask pac = state.kernel->pac();
  const AddressTagMask tags = state.kernel->tags();
  // A redirection through ftrace::redirect() keeps both on the same function, the record naming the instruction after
  // the saved pc so that it looks up as a return address into it.
  const std::uint64_t pc = pac.strip(record.lr);
  const Word saved_pc = read_slot(state, state.stack, offset_by(state.next.fp, rule.offset));
  if (!saved_pc.is_read || (saved_pc.value != pc && saved_pc.value + instruction_size != pc)) return false;
  if (rule.fp_offset == 0) return true;
  const Word saved_fp = read_slot(state, state.stack, offset_by(state.next.fp, rule.fp_offset));
  const Word saved_lr = read_slot(state, state.stack, offset_by(state.next.fp, rule.fp_offset) + 8);
  const Word caller_fp = read_slot(state, state.stack, tags.strip(record.fp));
  const Word caller_lr = read_slot(state, state.stack, tags.strip(record.fp) + 8);
  if (!saved_fp.is_read || !saved_lr.is_read || !caller_fp.is_read || !caller_lr.is_read) return false;
  if (tags.strip(saved_fp.value) != tags.strip(caller_fp.value)) return false;
  if (pac.strip(saved_lr.value) == pac.strip(caller_lr.value)) return true;
  return leads_to(state, pac.strip(saved_lr.value), pac.strip(caller_lr.value), tags.strip(saved_fp.value));
}

/// The record at next.fp is in an exception frame, whose registers are those of the caller. False, and nothing has
/// changed, if there is no room for such a frame.
///
///   frame + size     end: where the interrupted stack begins if the frame was made on it
///   frame + record   the record
///   frame            lowest address
[[nodiscard]] SUREFOOT_STEP inline bool follow_exception_frame(State& state) noexcept {
  const ExceptionLayout& layout = state.kernel->exception();
  // A frame that sticks out of its stack, or that reaches down into what was already consumed. The subtraction may
  // wrap; the range check then refuses the result.
  const std::uint64_t frame_at = state.next.fp - layout.record;
  if (!is_readable(state.stack, frame_at, layout.size)) return false;
  state.is_frame_local = false;
  state.stack.low = frame_at + layout.size;
  cross_exception(state, frame_at, Source::exception_frame);
  return true;
}

/// The chain ends at next.fp.
SUREFOOT_INLINE inline void reach_end(State& state) noexcept {
  // The end of another task's stack, or a forged one. A task without a final record ends nowhere.
  if (state.next.fp != state.task->final_record_at || state.next.fp == 0) {
    return stop(state, StopReason::final_record_misplaced, state.next.fp);
  }
  if (has_unused(state)) use_rest(state);
  state.totals.evidence |= state.next.noticed;
  stop(state, StopReason::final_record, state.next.fp);
}

/// A record at next.fp with a zero in one of its words, or in both: next.pc is the other.
SUREFOOT_INLINE inline void follow_zero(State& state) noexcept {
  const ExceptionLayout& layout = state.kernel->exception();
  const std::uint64_t at = state.next.fp;
  // 3. A record that is half overwritten. A chain that merely ends in a zero is not known to be complete.
  if (state.next.pc != 0) return stop(state, StopReason::half_zero_record, at);
  if (layout.typing == RecordTyping::untyped) return reach_end(state);
  // A read past the end of the stack. Its first two words were read.
  if (state.stack.end - at < sizeof(MetadataRecord)) return stop(state, StopReason::metadata_off_stack, at);
  const Word type = read_or_stop(state, at + SUREFOOT_METADATA_RECORD_OFFSET_TYPE);
  if (!type.is_read) return;
  if (type.value == layout.final_type) return reach_end(state);
  const bool is_exception = type.value == layout.exception_type;
  if (is_exception && follow_exception_frame(state)) return;
  stop(state, is_exception ? StopReason::exception_frame_off_stack : StopReason::unknown_metadata, at);
}

/// {pc, fp} = {[fp + 8], [fp]}
///
///   fp + 8   lr   return address into the caller
///   fp       fp   the caller's record, further up
///
/// True if the record has a zero in it: next.pc is then its other word.
[[nodiscard]] SUREFOOT_STEP inline bool follow_record(State& state, const Code& code) noexcept {
  if (!place_record(state)) return false;
  Next& next = state.next;
  const Word fp = read_or_stop(state, next.fp + SUREFOOT_FRAME_RECORD_OFFSET_FP);
  const Word lr = fp.is_read ? read_or_stop(state, next.fp + SUREFOOT_FRAME_RECORD_OFFSET_LR) : fp;
  if (!lr.is_read) return false;
  const FrameRecord record{.fp = fp.value, .lr = lr.value};
  const bool has_zero = record.fp == 0 || record.lr == 0;
  // Code with saved registers of its own has a record beside them, of the function that it returns to.
  if (code.rule.offset != 0 && (has_zero || !has_same_registers(state, code.rule, record))) {
    next.noticed |= EvidenceBit::saved_pc_differs;
  }
  if (has_zero) {
    next.pc = record.fp | record.lr;
    return true;
  }
  // 4. An exception boundary that left no sign of itself: exception entry was called by nobody.
  if (code.special == SpecialKind::exception_entry && code.rule.pc == From::frame_record) {
    next.noticed |= EvidenceBit::unknown_interrupted_code;
  }
  state.stack.low = next.fp + sizeof(FrameRecord);
  next.source = Source::frame_record;
  next.is_sp_known = false;
  if (code.rule.base != Base::none) {
    // A row of the frame table that says the same, and where the frame ends.
    const std::uint64_t cfa = offset_by(next.fp, code.rule.cfa_offset);
    if (cfa % 16 == 0 && is_readable(state.stack, cfa, 0)) {
      // Of a call, only witnesses have looked at the row.
      if (next.found == Found::interrupted) next.source = Source::frame_table;
      next.sp = state.stack.low = cfa;
      next.is_sp_known = true;
    } else {
      next.noticed |= EvidenceBit::unknown_interrupted_code;
    }
  }
  next.pc = record.lr;
  next.fp = state.kernel->tags().strip(record.fp);
  next.found = Found::by_call;
  next.live_lr = From::nowhere;
  return false;
}

/// The interrupted code's registers and slots: pc = lr, x9 or [base + offset]; fp = fp or [base + fp_offset].
///
///   base + cfa_offset   the caller's sp, below which nothing of it is
///   base + offset       return address, wherever the frame keeps it
///   base + fp_offset    the caller's fp
///   base                sp, or fp
[[nodiscard]] SUREFOOT_STEP inline Followed follow_slots(State& state, const Rule& rule) noexcept {
  Next& next = state.next;
  const ExceptionLayout& layout = state.kernel->exception();
  const bool is_saved = rule.pc == From::saved_pair || rule.pc == From::saved_pc;
  const std::uint64_t base = rule.base == Base::fp ? next.fp : next.sp;

  // Where the slots are: on the present stack; by fp, perhaps on the one that the interrupted code has just left or is
  // about to enter.
  PresentStack room = state.stack;
  std::uint32_t other = no_stack;
  if (rule.base == Base::fp && !is_readable(room, offset_by(base, rule.offset), 8)) {
    other = find_stack(*state.task, offset_by(base, rule.offset));
    if (other == no_stack || was_entered(state, other)) return Followed::not_at_all;
    const AddressRange range = stack_at(*state.task, other).range;
    room = {.low = range.start(), .end = range.end(), .entered = 1};
  }

  Word pc{};
  Word fp{next.fp, true};
  if (is_saved || rule.pc == From::stack) {
    pc = read_slot(state, room, offset_by(base, rule.offset));
  } else {
    const From reg = next.live_lr != From::nowhere ? next.live_lr : rule.pc;
    const std::uint16_t offset = reg == From::x9 ? layout.x9 : layout.lr;
    if (offset != ExceptionLayout::absent) pc = read_saved(state, offset);
  }
  if (rule.pc == From::saved_pair) fp = read_slot(state, room, offset_by(base, rule.fp_offset));
  if (!pc.is_read || !fp.is_read) return Followed::not_at_all;
  // A pair that is half overwritten: no function that returns to something has a caller without a record.
  if (is_saved && (pc.value == 0 || fp.value == 0)) return Followed::not_at_all;
  // The caller's sp. Where sp is public it is a multiple of 16 [aapcs64 §6.4.5.1], and the caller is on the same stack.
  const std::uint64_t cfa = offset_by(base, rule.cfa_offset);
  if (rule.base != Base::none) {
    // The slot of a return address is below the caller's sp. A row that says otherwise could lead to itself, for ever.
    if (is_saved) room.low = offset_by(base, rule.offset) + sizeof(std::uint64_t);
    if (cfa % 16 != 0 || !is_readable(room, cfa, 0)) return Followed::not_at_all;
    if (other != no_stack) go_to(state, other, cfa);
    if (state.stop != StopReason::truncated) return Followed::to_next;
    state.stack.low = cfa;
  }

  const bool is_return = is_saved || (rule.pc == From::link_register && rule.lr == From::nowhere);
  const bool goes_on_by_row = !is_saved || (next.found == Found::by_row && rule.base == Base::sp);
  next.fp = state.kernel->tags().strip(fp.value);
  next.sp = cfa;
  next.is_sp_known = rule.base != Base::none;
  if (is_return) {
    next.pc = pc.value;
    next.found = goes_on_by_row ? Found::by_row : Found::by_call;
    next.source = is_saved ? Source::frame_table : Source::link_register;
    next.live_lr = From::nowhere;
    return Followed::to_next;
  }
  // A function that a trampoline is about to enter or to leave alone, or traced code on the way to a trampoline: it
  // resumes at pc, and its own return address goes on in a register.
  constexpr Source sources[] = {Source::link_register, Source::x9, Source::stack};
  next.pc = state.kernel->pac().strip(pc.value);
  next.found = Found::resumed;
  next.source = sources[static_cast<unsigned>(rule.pc) - static_cast<unsigned>(From::link_register)];
  next.live_lr = rule.lr;
  return Followed::to_next;
}

/// By a rule that is not the frame record.
[[nodiscard]] SUREFOOT_STEP inline Followed follow_rule(State& state, const Rule& rule) noexcept {
  Next& next = state.next;
  switch (rule.pc) {
    case From::nowhere:
    case From::frame_record: return Followed::by_record;
    case From::final_record:
      // A caller that was invented. The record itself is checked like any other.
      return next.fp == state.task->final_record_at ? Followed::by_record : Followed::not_at_all;
    case From::return_stack: {
      // As if a frame record held the hook, which is where the special range that pc is in starts: pc, or the call
      // before it.
      const std::uint64_t looked_up = next.found >= Found::interrupted ? next.pc : next.pc - instruction_size;
      next.pc = (*state.code)[state.code->find(looked_up)].start;
      next.found = Found::by_call;
      next.source = Source::return_stack;
      // The trampoline has made room for its own frame, or has not yet.
      next.is_sp_known = false;
      return Followed::to_next;
    }
    case From::exception_frame:
      if (place_record(state) && !follow_exception_frame(state)) return Followed::not_at_all;
      return Followed::to_next;
    case From::link_register:
    case From::x9:
    case From::stack:
    case From::saved_pair:
    case From::saved_pc: break;
  }
  return follow_slots(state, rule);
}

/// Finds the caller of the frame that was entered. True if its record has a zero in it; see follow_record().
[[nodiscard]] SUREFOOT_INLINE inline bool find_caller(State& state, Code& code) noexcept {
  if (state.in_flight != 0) --state.in_flight;
  if (code.rule.in_flight != 0) state.in_flight = code.rule.in_flight;
  if (code.rule.pc > From::frame_record) {
    const Followed followed = follow_rule(state, code.rule);
    if (followed == Followed::to_next) return false;
    // The record may not describe the code; but no rule makes a trace shorter.
    if (followed == Followed::not_at_all) {
      state.next.noticed |= EvidenceBit::unknown_interrupted_code;
      code.rule = {};
    }
  }
  return follow_record(state, code);
}

}  // namespace surefoot::detail
