// SPDX-License-Identifier: MIT
//
// What code a pc is in, and by which rule its caller is found. Restore, then check: what is looked up is the address
// that control will really return to (hazard G1).
#pragma once

#include <utility>

#include "returns.hpp"
#include "stacks.hpp"
#include "state.hpp"

namespace surefoot::detail {

/// What a frame's code says of it.
struct Code {
  Rule rule{.pc = From::frame_record};
  SpecialKind special = SpecialKind::none;
  CodeAddress::Kind kind = CodeAddress::Kind::return_address;
};

/// True if the return address is in plain code that was found before, and is no hook.
[[nodiscard]] SUREFOOT_INLINE inline bool is_near(State& state, std::uint64_t pc) noexcept {
  NearCode& near = state.near;
  if (!near.plain.contains(pc, 0)) {
    if (!near.other.contains(pc, 0)) return false;
    std::swap(near.plain, near.other);
  }
  return !is_newest_hook(state, pc);
}

/// The index of the interval that an address is in.
[[nodiscard]] SUREFOOT_INLINE inline std::uint32_t find_code(State& state, std::uint64_t address) noexcept {
  const CodeMap& code = *state.code;
  std::uint32_t& found = state.near.found;
  if (address < code[found].start || address >= code[found + 1].start) found = code.find(address);
  return found;
}

/// The index of the interval that the call before a return address is in. Remembers plain code.
[[nodiscard]] SUREFOOT_INLINE inline std::uint32_t find_call(State& state, std::uint64_t pc) noexcept {
  const CodeMap& code = *state.code;
  const std::uint32_t index = find_code(state, pc - instruction_size);
  if (code[index].kind == IntervalKind::plain && index != state.near.plain.index()) {
    state.near.other = state.near.plain;
    state.near.plain = code.plain(index);
  }
  return index;
}

/// True if an instruction may be there.
[[nodiscard]] SUREFOOT_INLINE inline bool is_code(const CodeMap& code, std::uint64_t pc) noexcept {
  return pc % instruction_size == 0 && code[code.find(pc)].kind != IntervalKind::nothing;
}

/// True if `pc`, the address after the interval `call`, is the first instruction of a return trampoline.
[[nodiscard]] SUREFOOT_INLINE inline bool is_declared_hook(const State& state, std::uint32_t call,
                                                           std::uint64_t pc) noexcept {
  const Interval& behind = (*state.code)[call + 1];
  return behind.start == pc && is_return_hook(behind.special);
}

/// Puts the true return address in the place of a hook, and that of a hook that was under it. False if no entry tells
/// it. `call` becomes the interval of the call before the return address; it is not looked for where the address is in
/// plain code that was found before.
[[nodiscard]] SUREFOOT_STEP inline bool restore(State& state, std::uint32_t& call, bool& is_plain) noexcept {
  Next& next = state.next;
  const CodeMap& code = *state.code;
  // First the entries that this very address is still in place of: what is left of them may then resolve it further, if
  // another mechanism had taken the address before.
  if (state.in_flight == 1) use_in_flight(state);
  // Bounded: a turn uses an entry up, or one that was used before; of these there are not more than entries.
  for (std::uint32_t turn = 0;; ++turn) {
    const bool is_known_hook = state.near.hook != 0 && code[state.near.hook].start == next.pc;
    if (!is_known_hook) {
      is_plain = is_near(state, next.pc);
      if (is_plain) return true;
      call = find_call(state, next.pc);
      if (is_declared_hook(state, call, next.pc)) {
        state.near.hook = call + 1;
      } else {
        // Should the hook be missing from the tables, the newest entry names it as well.
        if (!is_newest_hook(state, next.pc)) return true;
        if (!is_code(code, next.pc)) next.noticed |= EvidenceBit::not_text;
      }
    }
    const ReturnEntry* const entry = use_entry(state);
    if (entry != nullptr) {
      next.noticed |= EvidenceBit::return_address_hooked;
      next.source = Source::return_stack;
      next.pc = state.kernel->pac().strip(entry->load_return_address());
      if (!next.noticed.has(EvidenceBit::return_entry_out_of_order) || turn != count_entries(state)) continue;
    }
    next.noticed |= EvidenceBit::return_address_unresolved;
    call = code.find(next.pc);
    return false;
  }
}

/// The row of code whose x29 points to its own record, which is most, is followed as that record: it says the same. So
/// does a row in terms of sp, where sp tells that the pair it names is the record that x29 points to.
[[nodiscard]] SUREFOOT_INLINE inline Rule by_record_if_so(const Next& next, const Rule& row) noexcept {
  if (row.is_by_record()) return {.pc = From::frame_record, .base = Base::fp, .cfa_offset = row.cfa_offset};
  const std::uint64_t pair_at = offset_by(next.sp, row.fp_offset);
  const bool is_record_at_fp = row.pc == From::saved_pair && row.base == Base::sp && next.is_sp_known &&
                               pair_at == next.fp &&
                               std::int64_t{row.offset} - row.fp_offset == SUREFOOT_FRAME_RECORD_OFFSET_LR;
  if (!is_record_at_fp) return row;
  return {.pc = From::frame_record,
          .base = Base::fp,
          .cfa_offset = static_cast<std::int32_t>(std::int64_t{row.cfa_offset} - row.fp_offset)};
}

/// True if sp tells where a caller's sp is: it is public, and on its stack.
[[nodiscard]] SUREFOOT_INLINE inline bool has_frame_at_sp(const State& state) noexcept {
  return state.next.sp % 16 == 0 && is_readable(state.stack, state.next.sp, 0);
}

/// The rule of code that an exception interrupted and that is not special. What is not known to hold leaves it unknown.
[[nodiscard]] SUREFOOT_INLINE inline Rule choose_interrupted_rule(const State& state, const Region& region) noexcept {
  // A rule in terms of sp is of use where sp is on its stack: elsewhere, as after an overflow, nothing that it says
  // could be checked.
  if (region.patch_sites.contains(state.next.pc)) {
    return {.pc = From::link_register, .base = has_frame_at_sp(state) ? Base::sp : Base::none};
  }
  const bool has_frame = is_readable(state.stack, state.next.sp, 0);
  return has_frame ? by_record_if_so(state.next, region.frame_table.find(state.next.pc)) : Rule{};
}

/// The rule of a caller that was found by a register, or that has no record at the call: its row at the call.
[[nodiscard]] SUREFOOT_INLINE inline Rule choose_row(const State& state, const Region& region) noexcept {
  const Rule row = by_record_if_so(state.next, region.frame_table.find(state.next.pc - instruction_size));
  if (row.pc == From::frame_record) return {.pc = From::frame_record};
  // The call has overwritten the link register.
  if (row.pc == From::link_register) return {};
  return row.base != Base::sp || state.next.is_sp_known ? row : Rule{};
}

/// The rule of the next frame's code, which is in `interval`. Notes where it is special, and where there is no rule.
SUREFOOT_INLINE inline void choose_rule(State& state, const Interval& interval, Code& result) noexcept {
  Next& next = state.next;
  const bool is_interrupted = next.found == Found::interrupted;
  const bool is_return = result.kind == CodeAddress::Kind::return_address;
  const bool is_call_without_record = interval.special == SpecialKind::call_without_record;
  const Region* const region = interval.kind != IntervalKind::nothing ? &state.code->region_of(interval) : nullptr;
  EvidenceBit without_rule = EvidenceBit::unknown_interrupted_code;
  if (interval.kind == IntervalKind::special && (is_return || !is_call_without_record)) {
    next.noticed |= EvidenceBit::in_special_range;
    result.special = interval.special;
    result.rule = is_call_without_record ? choose_row(state, *region) : state.code->rule_of(interval);
    if (!is_interrupted) {
      without_rule = EvidenceBit::special_code_without_rule;
      if (!is_call_without_record && result.rule.needs_registers()) result.rule = {};
      // A hook that stays unresolved is in its own range, and its entry is what could not be found.
      if (!is_return && result.rule.pc == From::return_stack) result.rule = {};
    } else if (!has_frame_at_sp(state)) {
      result.rule.base = Base::none;
    }
  } else if (is_interrupted) {
    result.rule = region != nullptr ? choose_interrupted_rule(state, *region) : Rule{};
  } else if (is_return && next.found == Found::by_row && region != nullptr && region->frame_table.exists()) {
    result.rule = choose_row(state, *region);
  }
  if (!result.rule.is_known()) next.noticed |= without_rule;
  // What a trampoline resumes has no record yet, whatever the code may say of other times.
  if (next.live_lr != From::nowhere) {
    result.rule = {.pc = From::link_register, .base = next.is_sp_known ? Base::sp : Base::none};
  }
}

/// All that there is to say of the next frame's code.
SUREFOOT_INLINE inline void look_closer(State& state, Code& result) noexcept {
  Next& next = state.next;
  const CodeMap& code = *state.code;
  std::uint32_t index = 0;
  bool is_plain = false;
  if (next.found >= Found::interrupted) {
    result.kind = CodeAddress::Kind::exact;
    // Mostly in the code that the frames around it are in.
    index = state.near.plain.index();
    if (next.pc < code[index].start || next.pc >= code[index + 1].start) index = code.find(next.pc);
  } else if (!restore(state, index, is_plain)) [[unlikely]] {
    // A hook that stays unresolved is no return address after a call: it names the very instruction that runs next.
    result.kind = CodeAddress::Kind::exact;
  }
  if (is_plain) index = state.near.plain.index();
  const Interval& interval = code[index];
  if (interval.kind == IntervalKind::nothing || next.pc % instruction_size != 0) next.noticed |= EvidenceBit::not_text;
  if (interval.kind == IntervalKind::unchecked) next.noticed |= EvidenceBit::special_ranges_refused;
  choose_rule(state, interval, result);
  if (state.kernel->witnesses().exist()) [[unlikely]]
    state.kernel->witnesses().compare(state, interval, result);
}

}  // namespace surefoot::detail
