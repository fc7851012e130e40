// SPDX-License-Identifier: MIT
//
// Two descriptions of one instruction. Where they cannot be shown to agree they do not: the cost is a rule that is not
// there.
#include <algorithm>

#include "cfi/cfi.hpp"

namespace surefoot::tools {
namespace {

using Kind = Value::Kind;

// Something definite: what merely has a number to be followed by may be anything.
bool is_definite(const Value& value) { return value.is_worth_keeping() || value.is(Kind::constant); }

// What the state says of a place that CFI names.
enum class Finding : std::uint8_t { holds, below_sp, unknown, wrong };

bool is_below_sp(const State& state, std::int64_t slot_offset) {
  return state.sp().is(Kind::cfa) && slot_offset < state.sp().number;
}

// True if the value is in a place where it can stay.
bool is_anywhere(const State& state, const Value& wanted) {
  const auto is_in = [&](const Slot& slot) { return slot.value == wanted && !is_below_sp(state, slot.offset); };
  return std::ranges::find(state.x, wanted) != state.x.end() || std::ranges::any_of(state.slots, is_in);
}

// What is where CFI says that `own` register of the caller is; unknown for what cannot be told.
Value value_at(const State& state, const CfiPlace& place, unsigned own) {
  switch (place.kind) {
    case CfiPlace::Kind::same_value: return state.x[own];
    case CfiPlace::Kind::at_cfa: return state.slot(place.number);
    case CfiPlace::Kind::in_register: return state.x[static_cast<std::size_t>(place.number)];
    case CfiPlace::Kind::undefined:
    case CfiPlace::Kind::unsupported: break;
  }
  return {};
}

Finding find_at(const State& state, const CfiPlace& place, unsigned own, Kind wanted, bool is_signed) {
  const Value as_cfi_has_it{.kind = wanted, .is_signed = is_signed};
  const Value otherwise{.kind = wanted, .is_signed = !is_signed};
  if (place.kind == CfiPlace::Kind::at_cfa && is_below_sp(state, place.number)) {
    return is_anywhere(state, as_cfi_has_it) ? Finding::below_sp : Finding::wrong;
  }
  const Value value = value_at(state, place, own);
  if (value.is(wanted)) return value.is_signed == is_signed ? Finding::holds : Finding::wrong;
  // A state that has it elsewhere contradicts; one that has lost it does not.
  const bool is_elsewhere = is_anywhere(state, as_cfi_has_it) || is_anywhere(state, otherwise);
  return is_definite(value) || is_elsewhere ? Finding::wrong : Finding::unknown;
}

Finding find_cfa(const State& state, const CfiRow& row) {
  const Value& base = state.x[row.cfa_register];
  if (!is_definite(base)) return Finding::unknown;
  std::int64_t offset = 0;
  if (__builtin_add_overflow(base.number, row.cfa_offset, &offset)) return Finding::wrong;
  if (base.is(Kind::cfa_at_most)) return offset >= 0 ? Finding::unknown : Finding::wrong;
  return base.is(Kind::cfa) && offset == 0 ? Finding::holds : Finding::wrong;
}

bool is_expressible(const CfiRow& row) {
  return row.has_cfa && row.ra.kind != CfiPlace::Kind::unsupported && row.fp.kind != CfiPlace::Kind::unsupported &&
         !row.is_signal_frame;
}

}  // namespace

std::optional<State> state_of(const CfiRow& row) {
  const bool has_caller = row.ra.kind != CfiPlace::Kind::undefined && row.fp.kind != CfiPlace::Kind::undefined;
  const bool is_by_fp = row.cfa_register == fp_number;
  if (!is_expressible(row) || !has_caller || (!is_by_fp && row.cfa_register != sp_number)) return {};
  State state;
  const Value base = Value::cfa(static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(row.cfa_offset)));
  // A record is not below sp.
  state.set_sp(is_by_fp ? Value{.kind = Kind::cfa_at_most, .number = base.number} : base);
  const auto put = [&state](const CfiPlace& place, unsigned own, const Value& value) {
    if (place.kind == CfiPlace::Kind::same_value) state.x[own] = value;
    if (place.kind == CfiPlace::Kind::in_register) state.x[static_cast<std::size_t>(place.number)] = value;
    if (place.kind == CfiPlace::Kind::at_cfa) state.set_slot(place.number, value);
  };
  put(row.fp, fp_number, {.kind = Kind::entry_fp});
  put(row.ra, lr_number, {.kind = Kind::entry_lr, .is_signed = row.is_signed});
  if (is_by_fp) state.x[fp_number] = base;
  return state;
}

Comparison compare(const State* state, const CfiRow* row) {
  if (row == nullptr) return state != nullptr ? Comparison::derived_only : Comparison::neither;
  // That there is no caller no instruction tells.
  if (state == nullptr || row->ra.kind == CfiPlace::Kind::undefined) return Comparison::cfi_only;
  // What needs more than a place is not what the derivation found.
  if (!is_expressible(*row)) return Comparison::differ;

  const bool has_fp = row->fp.kind != CfiPlace::Kind::undefined;
  const Finding findings[] = {
      find_cfa(*state, *row),
      find_at(*state, row->ra, lr_number, Kind::entry_lr, row->is_signed),
      has_fp ? find_at(*state, row->fp, fp_number, Kind::entry_fp, false) : Finding::holds,
  };
  const auto has = [&findings](Finding finding) { return std::ranges::find(findings, finding) != std::end(findings); };
  if (has(Finding::wrong)) return Comparison::differ;
  if (has(Finding::unknown)) return Comparison::cfi_only;
  return has(Finding::below_sp) ? Comparison::cfi_below_sp : Comparison::agree;
}

}  // namespace surefoot::tools
