// SPDX-License-Identifier: MIT
//
// Witnesses: what is compared with the chain at each frame. They add evidence, and where a frame ends as its row says;
// no caller is found by them.
#include "surefoot/witnesses.hpp"

#include "code.hpp"
#include "stacks.hpp"
#include "state.hpp"

namespace surefoot::detail {
namespace {

// A BL, or one of the forms of BLR [arm-arm C4.1.66].
constexpr bool is_direct_call(std::uint32_t instruction) noexcept { return (instruction & 0xfc00'0000) == 0x9400'0000; }
constexpr bool is_indirect_call(std::uint32_t instruction) noexcept {
  const bool is_blr = (instruction & 0xffff'fc1f) == 0xd63f'0000;
  const bool is_blraaz = (instruction & 0xffff'f81f) == 0xd63f'081f;
  const bool is_blraa = (instruction & 0xffff'f800) == 0xd73f'0800;
  return is_blr || is_blraaz || is_blraa;
}

// Where a BL leads: its lowest 26 bits are a signed number of instructions.
constexpr std::uint64_t target_of(std::uint32_t bl, std::uint64_t at) noexcept {
  const auto distance = static_cast<std::int32_t>(bl << 6) >> 6;
  return offset_by(at, distance * std::int32_t{instruction_size});
}

constexpr std::uint32_t in_instructions(std::uint64_t address) noexcept {
  return static_cast<std::uint32_t>(address / instruction_size);
}

// True if the function that a call leads to is not the one that was found inside. Not of a call of special code, as a
// veneer or a trampoline, nor of a part of a function, which has no entry: its row there is not that of one.
bool is_other_function(const State& state, std::uint64_t target) noexcept {
  const CodeMap& code = *state.code;
  const auto distance = static_cast<std::int32_t>(state.stack.callee - in_instructions(target));
  if (state.stack.callee == 0 || distance == 0) return false;
  if (code[code.find(target)].kind == IntervalKind::special) return false;
  const std::uint64_t callee = target + static_cast<std::uint64_t>(std::int64_t{distance}) * instruction_size;
  const Interval& interval = code[code.find(callee)];
  if (interval.kind == IntervalKind::nothing) return true;
  const Rule entry = code.region_of(interval).frame_table.find(callee);
  return entry.pc == From::link_register && entry.cfa_offset == 0;
}

void compare_with_call_site(State& state, const Witnesses::Chosen& chosen) noexcept {
  const std::uint64_t call_at = state.next.pc - instruction_size;
  const Word words = read_word(state, call_at & ~std::uint64_t{7});
  const auto instruction = static_cast<std::uint32_t>(words.value >> (call_at % 8 * 8));
  const bool is_direct = is_direct_call(instruction);
  const bool is_call = words.is_read && (is_direct || is_indirect_call(instruction));
  const bool leads_elsewhere =
      chosen.call_target && is_direct && is_other_function(state, target_of(instruction, call_at));
  if (!is_call || leads_elsewhere) state.next.noticed |= EvidenceBit::call_site_disagrees;
}

// The row of a call that was found by a record, and whose caller will be. Where sp is known, it tells where the record
// has to be; elsewhere, as behind a trampoline, the record tells it. From there on it is known: the row tells where the
// frame ends, and the caller's begins.
//
//   base + cfa_offset   the caller's sp
//   base + fp_offset    the record, {fp, lr}
//   base                sp, or x29 in a function whose sp varies: then the record is where it is
void compare_with_row(State& state, const Rule& row, Code& code) noexcept {
  const Next& next = state.next;
  const bool is_at_end = next.fp == state.task->final_record_at;
  const bool is_outermost = row.pc == From::final_record && is_at_end;
  // At the entry of a function, whose record a trampoline has made.
  const bool is_entry = row.pc == From::link_register && !next.is_sp_known;
  if (is_outermost || is_entry) return;
  // No compiled function makes a typed final record; it may well make an untyped one, of the zeros that it was given.
  const bool may_end = !is_at_end || state.kernel->exception().typing == RecordTyping::untyped;
  const bool has_record = row.pc == From::saved_pair && may_end &&
                          std::int64_t{row.offset} - row.fp_offset == SUREFOOT_FRAME_RECORD_OFFSET_LR;
  const bool is_there =
      row.base == Base::fp ? row.fp_offset == 0 : !next.is_sp_known || offset_by(next.sp, row.fp_offset) == next.fp;
  if (!has_record || !is_there) {
    state.next.noticed |= EvidenceBit::frame_table_disagrees;
    return;
  }
  code.rule.base = Base::fp;
  code.rule.cfa_offset = static_cast<std::int32_t>(std::int64_t{row.cfa_offset} - row.fp_offset);
}

// None of a range that is not one of words.
constexpr std::uint64_t count_words(AddressRange range) noexcept {
  return (range.start() | range.end()) % 8 == 0 ? (range.end() - range.start()) / 8 : 0;
}

// A return address, and the next word of the shadow call stack. At the end of the chain there is no word left: it would
// be of a function that is missing. What ordinary code that was called has pushed must be there; assembly, and a
// function that was interrupted, may not have pushed it. Pushed in the prologue, it may be a hook.
void compare_with_shadow_call_stack(State& state, const Code& code) noexcept {
  Next& next = state.next;
  const AddressRange range = state.task->shadow_call_stack;
  // The start's own pc is not the return address of a function on the chain.
  const bool is_return = code.kind == CodeAddress::Kind::return_address && state.totals.count != 0;
  const std::uint64_t words = count_words(range);
  bool is_found = false;
  if (is_return && state.shadow_used < words && state.shadow_used != 0xffff) {
    const Word word = read_word(state, range.end() - (state.shadow_used + std::uint64_t{1}) * 8);
    const std::uint64_t pushed = state.kernel->pac().strip(word.value);
    const bool is_hook =
        next.noticed.has(EvidenceBit::return_address_hooked) && pushed == (*state.code)[state.near.hook].start;
    is_found = word.is_read && (pushed == next.pc || is_hook);
    if (is_found) ++state.shadow_used;
  }
  const bool is_missing = is_return && state.callee_kind == Callee::called && !is_found;
  const bool is_by_record = code.rule.pc == From::frame_record || code.rule.pc == From::final_record;
  const bool is_at_end = is_by_record && next.fp == state.task->final_record_at;
  if (is_missing || (is_at_end && state.shadow_used != words)) {
    next.noticed |= EvidenceBit::shadow_call_stack_disagrees;
  }
}

// What a trampoline resumes is at its entry, where it has pushed nothing.
Callee callee_kind_of(const Code& code, Callee inner) noexcept {
  const bool is_ordinary = code.special == SpecialKind::none;
  const bool has_called = code.kind == CodeAddress::Kind::return_address && inner != Callee::trampoline;
  if (is_ordinary) return has_called ? Callee::called : Callee::other;
  // Registers of its own beside the record: see has_same_registers().
  return code.rule.pc == From::frame_record && code.rule.offset != 0 ? Callee::trampoline : Callee::other;
}

}  // namespace

void compare_with_witnesses(State& state, const Interval& interval, Code& code) noexcept {
  const Witnesses::Chosen& chosen = state.kernel->witnesses().chosen();
  const bool is_return = code.kind == CodeAddress::Kind::return_address;
  const bool is_text = interval.kind != IntervalKind::nothing;
  const bool is_ordinary = is_text && interval.kind != IntervalKind::special;
  // What a trampoline resumes may be where no call is, if a tracer has put another function there.
  const bool is_behind_call = is_return && is_text && state.callee_kind != Callee::trampoline;
  if (is_behind_call && (chosen.call_site || chosen.call_target)) compare_with_call_site(state, chosen);
  state.stack.callee = 0;
  if (is_ordinary && (chosen.call_target || chosen.frame_table_chain)) {
    const FrameTable& table = state.code->region_of(interval).frame_table;
    std::uint64_t function = 0;
    const Rule row = table.find(is_return ? state.next.pc - instruction_size : state.next.pc, function);
    state.stack.callee = in_instructions(function);
    if (chosen.frame_table_chain && is_return && code.rule.pc == From::frame_record) compare_with_row(state, row, code);
  }
  if (chosen.shadow_call_stack) compare_with_shadow_call_stack(state, code);
  state.callee_kind = callee_kind_of(code, state.callee_kind);
}

}  // namespace surefoot::detail
