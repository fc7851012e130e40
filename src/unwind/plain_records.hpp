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

/// True if the newest entries' hooks are no addresses of plain code that is near, so that a return address there is
/// what it seems.
[[nodiscard]] SUREFOOT_STEP inline bool are_hooks_far(const State& state) noexcept {
  const CodeMap& code = *state.code;
  for (std::size_t number = 0; number < state.task->return_stacks.size(); ++number) {
    const ReturnEntry* const entry = find_newest(state, number);
    if (entry == nullptr || (state.near.hook != 0 && entry->hook == code[state.near.hook].start)) continue;
    if (state.near.plain.contains(entry->hook, 0) || state.near.other.contains(entry->hook, 0)) return false;
  }
  return true;
}

/// True if there is nothing to be said of the next frame but where it is. What this depends on changes only where
/// frames are looked at closely.
[[nodiscard]] SUREFOOT_INLINE inline bool may_be_plain(const State& state) noexcept {
  return state.next.found == Found::by_call && state.next.noticed.is_empty() && state.in_flight == 0 &&
         state.task->memory == nullptr && !state.kernel->witnesses().exist() &&
         (!has_unused(state) || are_hooks_far(state));
}

/// The near plain code changes to another interval that the return address is in. False if that is not plain, or if
/// there are entries left, whose hooks would have to be looked at.
[[nodiscard]] SUREFOOT_INLINE inline bool enter_near(State& state, const PlainCode& plain, std::uint64_t pc) noexcept {
  if (has_unused(state) || plain.contains(pc, 0)) return false;
  PlainCode found = state.near.other;
  if (!found.contains(pc, 0)) {
    found = state.code->plain(find_code(state, pc - instruction_size));
    if (!found.contains(pc, 0)) return false;
  }
  state.near.other = plain;
  state.near.plain = found;
  return true;
}

/// The entry of a record with a declared hook, if it is the newest of the only return stack, and if the next one has
/// the same hook: the usual case. Otherwise null, and the record is looked at closely.
[[nodiscard]] SUREFOOT_INLINE inline const ReturnEntry* find_usual_entry(State& state, std::uint64_t fp,
                                                                         std::uint64_t pc) noexcept {
  const CodeMap& code = *state.code;
  const std::uint32_t unused = state.unused.below[0];
  if (unused == 0 || state.task->return_stacks.size() != 1) return nullptr;
  const ReturnStack& stack = *state.task->return_stacks[0];
  const ReturnEntry& entry = stack.slot(unused - 1);
  if (entry.load_return_address() == 0 || entry.hook != pc || entry.key != fp) return nullptr;
  if (unused > 1) {
    const ReturnEntry& older = *(&entry - 1);
    if (older.load_return_address() == 0 || older.hook != pc) return nullptr;
  }
  if (state.near.hook == 0 || code[state.near.hook].start != pc) {
    const std::uint32_t index = code.find(pc);
    if (code[index].start != pc || !is_return_hook(code[index].special)) return nullptr;
    state.near.hook = index;
  }
  return &entry;
}

/// Where the fast loop is. It looks at a record as if that had been read just now: `fp` and `lr` are its words.
struct PlainRun {
  Frame* out;  ///< where the next frame is stored
  std::uint64_t fp;
  std::uint64_t lr;
  std::uint64_t low;         ///< what is not consumed of the stack, from here on
  std::uint64_t low_before;  ///< the same, before the record that was read last
};

/// How far it may go.
struct PlainLimits {
  const Frame* end;
  std::uint64_t last;  ///< where the last record of the stack may be
  std::uint64_t kept;  ///< the bits that are none of a pointer authentication code
  std::uint64_t code;  ///< what the others are in a return address of the plain code
  PlainCode plain;
};

/// The limits when the plain code has changed: stripped, a return address of it has the same bits, whichever it had.
SUREFOOT_INLINE inline void set_plain(PlainLimits& limits, const PlainCode& plain, PointerAuthMask pac) noexcept {
  limits.plain = plain;
  limits.code = pac.strip(plain.start()) & pac.bits();
}

/// Stores frames, as long as a record leads to plain code and lies above the one before it, and reads their records.
SUREFOOT_LOOP inline void take_run(PlainRun& run, const PlainLimits& limits) noexcept {
  // What is after the pc in a plain frame.
  struct Rest {
    std::uint64_t pc;
    std::uint64_t rest;
  };
  constexpr std::uint64_t rest = std::bit_cast<Rest>(Frame{.pc = 0,
                                                           .evidence = {},
                                                           .kind = CodeAddress::Kind::return_address,
                                                           .source = Source::frame_record,
                                                           .special = SpecialKind::none})
                                     .rest;
  const Frame* const end = limits.end;
  const std::uint64_t last = limits.last;
  const std::uint64_t kept_bits = limits.kept;
  const std::uint64_t code_bits = limits.code;
  const PlainCode plain = limits.plain;
  PlainRun now = run;
  // A frame. Apart from its loop: inside of it, compilers move about what one record leaves for the next.
  const auto take_one = [&] [[gnu::always_inline]] () noexcept {
    const std::uint64_t pc = (now.lr & kept_bits) | code_bits;
    if (now.out == end || !plain.contains(pc, now.fp) || now.fp < now.low || now.fp > last) return false;
    const std::uint64_t record_at = now.fp;
    // In this order no address is needed twice, and nothing that can be asked for waits for what is stored.
    now.lr = load_word(record_at + SUREFOOT_FRAME_RECORD_OFFSET_LR);
    now.low_before = now.low;
    now.low = record_at + sizeof(FrameRecord);
    now.fp = load_word(record_at + SUREFOOT_FRAME_RECORD_OFFSET_FP);
    *now.out++ = std::bit_cast<Frame>(Rest{.pc = pc, .rest = rest});
    // Where the next one goes is one register, not two that differ by a frame.
    __asm__ volatile("" : "+r"(now.out) : : "memory");
    return true;
  };
  while (take_one()) {
  }
  run = now;
}

/// What was taken.
struct Taken {
  Frame* end;     ///< behind the last frame
  bool has_zero;  ///< what was read last is no ordinary record
};

/// Stores plain frames from `first` on, as far as that goes, beginning with the next one, which may be plain; and those
/// of them whose return address was rewritten in the usual way. The next frame is then the first one that is not plain,
/// or for which there is no room. Or what was read last has a zero in it: next.fp is then where it is, and next.pc its
/// other word.
[[nodiscard]] SUREFOOT_INLINE inline Taken take_plain(State& state, Frame* const first,
                                                      const Frame* const end) noexcept {
  // No stack was entered, or one so low and small that the subtraction wraps round.
  if (state.stack.end < sizeof(FrameRecord)) return {first, false};
  const PointerAuthMask pac = state.kernel->pac();
  PlainLimits limits{
      .end = end, .last = state.stack.end - sizeof(FrameRecord), .kept = ~pac.bits(), .code = 0, .plain = {}};
  set_plain(limits, state.near.plain, pac);
  PlainRun now{
      .out = first, .fp = state.next.fp, .lr = state.next.pc, .low = state.stack.low, .low_before = state.stack.low};
  const Frame* matched = nullptr;  // behind the last frame whose return address was rewritten
  std::uint64_t hook = 0;          // what stood in the record whose return address was rewritten; 0 is none
  Frame* begun = first;
  // Bounded: each turn takes a frame, or is the last but one.
  for (;;) {
    take_run(now, limits);
    if (hook != 0) {
      if (now.out == begun) {
        now.lr = hook;
        break;
      }
      begun->evidence = EvidenceBit::return_address_hooked;
      begun->source = Source::return_stack;
      --state.unused.below[0];
      matched = begun + 1;
      hook = 0;
    }
    if (now.out == end || now.fp == 0 || now.lr == 0) break;
    const std::uint64_t pc = pac.strip(now.lr);
    if (enter_near(state, limits.plain, pc)) {  // from the image to a module, and back
      set_plain(limits, state.near.plain, pac);
      continue;
    }
    const ReturnEntry* const entry = find_usual_entry(state, now.fp, pc);
    if (entry == nullptr) break;
    hook = now.lr;
    begun = now.out;
    now.lr = entry->load_return_address();
  }
  if (now.out == first) return {first, false};
  if (first->evidence.is_empty()) first->source = state.next.source;
  state.totals.count += static_cast<std::uint32_t>(now.out - first);
  if (matched != nullptr) {
    state.totals.evidence |= EvidenceBit::return_address_hooked;
    state.totals.matched_through = state.totals.count - static_cast<std::uint32_t>(now.out - matched);
  }
  const bool has_zero = now.fp == 0 || now.lr == 0;
  if (has_zero) {
    state.next.pc = now.fp | now.lr;
    state.next.fp = now.low - sizeof(FrameRecord);
    state.stack.low = now.low_before;
  } else {
    state.next.pc = now.lr;
    state.next.fp = state.kernel->tags().strip(now.fp);
    state.next.source = Source::frame_record;
    state.next.is_sp_known = false;
    state.stack.low = now.low;
  }
  return {now.out, has_zero};
}

}  // namespace surefoot::detail
