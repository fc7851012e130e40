// SPDX-License-Identifier: MIT
//
// The fast loop, alone: all that a walk of plain frames does. A frame is plain if its return address is in plain code
// and its record further up on the present stack. Decides nothing but that: it notes no evidence of its own, and ends a
// walk only where a word cannot be read.
#pragma once

#include "code.hpp"
#include "returns.hpp"
#include "state.hpp"

namespace surefoot::detail {

/// True if there is nothing to be said of the next frame but where it is. What this depends on changes only where
/// frames are looked at closely.
[[nodiscard]] SUREFOOT_INLINE inline bool may_be_plain(const State& state) noexcept {
  return state.next.found == Found::by_call && state.next.noticed.is_empty() && state.in_flight == 0 &&
         !state.has_witness;
}

/// True if the newest entries' hooks are no addresses of plain code that is near, so that a return address there is
/// what it seems.
[[nodiscard]] SUREFOOT_STEP inline bool are_hooks_far(const State& state) noexcept {
  const CodeMap& code = *state.code;
  for (std::size_t number = 0; number < state.task->return_stacks.size(); ++number) {
    const ReturnEntry* const entry = find_newest(state, number);
    if (entry == nullptr || (state.near.hook != 0 && entry->hook == code[state.near.hook].start)) continue;
    if (state.near.plain.contains(entry->hook, 0) || PlainCode(code, state.near.other).contains(entry->hook, 0)) {
      return false;
    }
  }
  return true;
}

/// The near plain code changes to another interval that the return address is in. False if that is not plain, or if
/// there are entries left, whose hooks would have to be looked at.
[[nodiscard]] SUREFOOT_INLINE inline bool enter_near(State& state, PlainCode& plain, std::uint64_t pc) noexcept {
  const CodeMap& code = *state.code;
  if (has_unused(state) || plain.contains(pc, 0)) return false;
  PlainCode found(code, state.near.other);
  if (!found.contains(pc, 0)) {
    found = PlainCode(code, code.find(pc - instruction_size));
    if (!found.contains(pc, 0)) return false;
  }
  state.near.other = plain.index();
  state.near.plain = plain = found;
  return true;
}

/// The entry of a record with a declared hook, if it is the newest of the only return stack, and if the next one has
/// the same hook: the usual case. Otherwise null, and the record is looked at closely.
[[nodiscard]] SUREFOOT_INLINE inline const ReturnEntry* find_usual_entry(State& state, const FrameRecord& record,
                                                                         std::uint64_t pc) noexcept {
  const CodeMap& code = *state.code;
  const std::uint32_t unused = state.unused.below[0];
  if (unused == 0 || state.task->return_stacks.size() != 1) return nullptr;
  const ReturnStack& stack = *state.task->return_stacks[0];
  const ReturnEntry& entry = stack.slot(unused - 1);
  if (entry.load_return_address() == 0 || entry.hook != pc || entry.key != record.fp) return nullptr;
  if (unused > 1) {
    const ReturnEntry& older = stack.slot(unused - 2);
    if (older.load_return_address() == 0 || older.hook != pc) return nullptr;
  }
  if (state.near.hook == 0 || code[state.near.hook].start != pc) {
    const std::uint32_t index = code.find(pc);
    if (code[index].start != pc || !is_return_hook(code[index].special)) return nullptr;
    state.near.hook = index;
  }
  return &entry;
}

/// Stores plain frames to [out, end), as far as that goes, beginning with the next one, which may be plain; and those
/// of them whose return address was rewritten in the usual way. The next frame is then the first one that is not plain,
/// or for which there is no room. True if what was read last is no ordinary record, for it has a zero in it: next.fp is
/// then where it is, and next.pc its other word.
template <bool is_foreign>
[[nodiscard]] SUREFOOT_STEP inline bool take_plain(State& state, Frame* out, const Frame* end) noexcept {
  PlainCode plain = state.near.plain;
  const PointerAuthMask pac = state.kernel->pac();
  // Stripped, a return address of plain code has these bits, whichever it had.
  std::uint64_t code_bits = pac.strip(plain.start()) & pac.bits();
  const std::uint64_t last = state.stack.end - sizeof(FrameRecord);  // where the last record may be
  Frame* const first = out;
  std::uint64_t low = state.stack.low;
  std::uint64_t low_before = low;
  // As if it had been read just now: where the next frame is, and where its record.
  FrameRecord record{.fp = state.next.fp, .lr = state.next.pc};
  // No stack was entered, or one so low and small that the subtraction has wrapped round.
  bool may_go_on = state.stack.end >= sizeof(FrameRecord);
  // Takes the frame that the record leads to, and reads its own. Apart from its loop: inside of it, compilers move
  // about what one record leaves for the next.
  const auto take_one = [&] [[gnu::always_inline]] () noexcept {
    const std::uint64_t pc = (record.lr & ~pac.bits()) | code_bits;
    if (out == end || !plain.contains(pc, record.fp) || record.fp < low || record.fp > last) return false;
    const std::uint64_t at = record.fp;
    low_before = low;
    low = at + sizeof(FrameRecord);
    *out++ = {.pc = pc,
              .evidence = {},
              .kind = CodeAddress::Kind::return_address,
              .source = Source::frame_record,
              .special = SpecialKind::none};
    if constexpr (is_foreign) {
      const Word fp = read_or_stop(state, at + SUREFOOT_FRAME_RECORD_OFFSET_FP);
      const Word lr = fp.is_read ? read_or_stop(state, at + SUREFOOT_FRAME_RECORD_OFFSET_LR) : fp;
      record = {.fp = fp.value, .lr = lr.value};
      may_go_on = lr.is_read;
      return may_go_on;
    }
    record.fp = load_word(at + SUREFOOT_FRAME_RECORD_OFFSET_FP);
    record.lr = load_word(at + SUREFOOT_FRAME_RECORD_OFFSET_LR);
    return true;
  };
  // Bounded: each turn takes a frame, or is the last but one.
  while (may_go_on) {
    while (take_one()) {
    }
    if (!may_go_on || out == end || record.fp == 0 || record.lr == 0) break;
    const std::uint64_t pc = pac.strip(record.lr);
    if (enter_near(state, plain, pc)) {  // from the image to a module, and back
      code_bits = pac.strip(plain.start()) & pac.bits();
    } else {
      const ReturnEntry* const entry = find_usual_entry(state, record, pc);
      if (entry == nullptr || record.fp < low || record.fp > last) break;
      const std::uint64_t return_address = entry->load_return_address();
      if (!plain.contains(pac.strip(return_address), record.fp)) break;
      record.lr = return_address;
      Frame* const hooked = out;
      may_go_on = take_one();
      hooked->evidence = EvidenceBit::return_address_hooked;
      hooked->source = Source::return_stack;
      --state.unused.below[0];
      state.totals.evidence |= EvidenceBit::return_address_hooked;
      state.totals.matched_through = state.totals.count + static_cast<std::uint32_t>(out - first);
    }
  }
  if (out == first) return false;
  if (first->evidence.is_empty()) first->source = state.next.source;
  state.totals.count += static_cast<std::uint32_t>(out - first);
  if (record.fp == 0 || record.lr == 0) {
    state.next.pc = record.fp | record.lr;
    state.next.fp = low - sizeof(FrameRecord);
    state.stack.low = low_before;
    return true;
  }
  state.next.pc = record.lr;
  state.next.fp = state.kernel->tags().strip(record.fp);
  state.next.source = Source::frame_record;
  state.next.is_sp_known = false;
  state.stack.low = low;
  return false;
}

}  // namespace surefoot::detail
