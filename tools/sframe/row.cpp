// SPDX-License-Identifier: MIT
#include "sframe/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace surefoot::tools {
namespace {

bool is_base_right(const State& state, Row::Base base, std::int32_t cfa) {
  const Value& value = state.x[base == Row::Base::sp ? sp_number : fp_number];
  return value.is(Value::Kind::cfa) && value.number == -std::int64_t{cfa};
}

Value return_address(bool is_signed) { return {.kind = Value::Kind::entry_lr, .is_signed = is_signed}; }
Value frame_pointer() { return {.kind = Value::Kind::entry_fp}; }

bool fits(std::int64_t value) {
  return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
}

/// True if the slot belongs to a whole frame record that x29 points to.
bool is_in_record(const State& state, std::int64_t offset) {
  const Value& fp = state.x[fp_number];
  return state.has_record() && (offset == fp.number || offset == fp.number + 8);
}

/// True if what is in the slot stays there whatever an exception does. Where sp is known as a bound or not at all, as
/// in loops that allocate, the record that x29 points to is still above it: it is one at every instruction, by the ABI
/// [aapcs64 §6.4.6]. Should sp be above it after all, the walk refuses to read it, as it knows sp.
bool is_safe(const State& state, std::int64_t offset) {
  const std::optional<std::int64_t> lowest = state.lowest_safe_slot();
  return (lowest && offset >= *lowest) || (!state.sp().is(Value::Kind::cfa) && is_in_record(state, offset));
}

bool holds(const State& state, std::int64_t offset, const Value& value) {
  return is_safe(state, offset) && state.slot(offset) == value;
}

/// What a row can be made of. Any of the bases goes with any of the rest, so each is looked at apart.
struct Parts {
  std::vector<Row> bases;  ///< rows without the places of the pair; sp before fp
  std::vector<Slot> lr_slots;
  std::vector<Slot> fp_slots;
  Value lr;  ///< of x30
  bool is_lr_in_register = false;
  bool is_fp_in_register = false;
};

/// Puts the first of the slots in front that has another one of `others` at a distance, as in a frame record.
void put_record_first(std::vector<Slot>& slots, const std::vector<Slot>& others, std::int64_t distance) {
  const auto found = std::ranges::find_if(slots, [&](const Slot& slot) {
    return std::ranges::find(others, slot.offset + distance, &Slot::offset) != others.end();
  });
  if (found != slots.end()) std::rotate(slots.begin(), found, found + 1);
}

/// All that is right in the state, each list in the order of preference: the slots of a frame record, which are what
/// the function returns by; then slots by falling offset, as numbers below the CFA are smaller then. A return address
/// is also copied to local variables, which are no less right, but may be changed by whoever gets their address.
Parts find_parts(const State& state) {
  Parts parts;
  parts.lr = state.x[lr_number];
  for (const Row::Base base : {Row::Base::sp, Row::Base::fp}) {
    const Value& value = state.x[base == Row::Base::sp ? sp_number : fp_number];
    // The negative of the least number does not fit either.
    if (value.is(Value::Kind::cfa) && fits(value.number) && fits(-value.number)) {
      parts.bases.push_back({.base = base, .cfa = static_cast<std::int32_t>(-value.number)});
    }
  }
  for (auto slot = state.slots.rbegin(); slot != state.slots.rend(); ++slot) {
    if (!fits(slot->offset) || !is_safe(state, slot->offset)) {
      continue;
    }
    if (slot->value.is(Value::Kind::entry_lr)) {
      parts.lr_slots.push_back(*slot);
    } else if (slot->value.is(Value::Kind::entry_fp)) {
      parts.fp_slots.push_back(*slot);
    }
  }
  put_record_first(parts.lr_slots, parts.fp_slots, -8);
  put_record_first(parts.fp_slots, parts.lr_slots, 8);
  parts.is_lr_in_register = parts.lr.is(Value::Kind::entry_lr);
  parts.is_fp_in_register = state.x[fp_number] == frame_pointer();
  return parts;
}

/// Leaves those parts that are right in this state too.
void keep_right(Parts& parts, const State& state) {
  std::erase_if(parts.bases, [&](const Row& row) { return !is_base_right(state, row.base, row.cfa); });
  const auto is_lost = [&](const Slot& slot) { return !holds(state, slot.offset, slot.value); };
  std::erase_if(parts.lr_slots, is_lost);
  std::erase_if(parts.fp_slots, is_lost);
  parts.is_lr_in_register = parts.is_lr_in_register && state.x[lr_number] == parts.lr;
  parts.is_fp_in_register = parts.is_fp_in_register && state.x[fp_number] == frame_pointer();
}

/// The row of the fewest words that the parts make, if they make one.
std::optional<Row> make_row(const Parts& parts) {
  if (parts.bases.empty()) {
    return std::nullopt;
  }
  Row row = parts.bases.front();
  if (parts.is_lr_in_register && parts.is_fp_in_register) {
    row.is_signed = parts.lr.is_signed;
    return row;
  }
  if (parts.lr_slots.empty() || (!parts.is_fp_in_register && parts.fp_slots.empty())) {
    return std::nullopt;
  }
  const Slot& lr_slot = parts.lr_slots.front();
  row.where = Row::Where::lr_on_stack;
  row.is_signed = lr_slot.value.is_signed;
  row.ra = static_cast<std::int32_t>(lr_slot.offset);
  if (!parts.is_fp_in_register) {
    row.where = Row::Where::stack;
    row.fp = static_cast<std::int32_t>(parts.fp_slots.front().offset);
  }
  return row;
}

}  // namespace

PackedRows::PackedRows(const FunctionRows& function)
    : start_(function.start), end_(function.end), has_key_b_(function.has_key_b) {
  for (const std::optional<Row>& row : function.rows) {
    if (stretches_.empty() || stretches_.back().row != row) stretches_.push_back({.count = 0, .row = row});
    ++stretches_.back().count;
  }
  stretches_.shrink_to_fit();
}

FunctionRows PackedRows::unpack() const {
  FunctionRows function{.start = start_, .end = end_, .rows = {}, .has_key_b = has_key_b_};
  for (const Stretch& stretch : stretches_) function.rows.insert(function.rows.end(), stretch.count, stretch.row);
  return function;
}

bool is_right(const Row& row, const State& state) {
  if (!is_base_right(state, row.base, row.cfa)) {
    return false;
  }
  const bool is_fp_in_register = state.x[fp_number] == frame_pointer();
  switch (row.where) {
    case Row::Where::registers: return state.x[lr_number] == return_address(row.is_signed) && is_fp_in_register;
    case Row::Where::lr_on_stack: return holds(state, row.ra, return_address(row.is_signed)) && is_fp_in_register;
    case Row::Where::stack:
      return holds(state, row.ra, return_address(row.is_signed)) && holds(state, row.fp, frame_pointer());
    case Row::Where::nowhere: return false;  // no state proves that there is no caller
  }
  return false;
}

std::vector<std::optional<Row>> choose_rows(const std::vector<const State*>& states) {
  std::vector<std::optional<Row>> rows(states.size());
  for (std::size_t begin = 0; begin < states.size();) {
    std::size_t end = begin + 1;
    if (states[begin]) {
      Parts parts = find_parts(*states[begin]);
      std::optional<Row> row = make_row(parts);
      while (row && end < states.size() && states[end]) {
        keep_right(parts, *states[end]);
        const std::optional<Row> longer = make_row(parts);
        if (!longer) {
          break;
        }
        row = longer;
        ++end;
      }
      std::fill(rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.begin() + static_cast<std::ptrdiff_t>(end),
                row);
    }
    begin = end;
  }
  return rows;
}

std::string to_string(const Row& row) {
  if (row.where == Row::Where::nowhere) {
    return "RA undefined";
  }
  const bool has_fp = row.where == Row::Where::stack;
  const bool has_ra = has_fp || row.where == Row::Where::lr_on_stack;
  return fmt::format("{}{:+} {} {}{}", row.base == Row::Base::sp ? "sp" : "fp", row.cfa,
                     has_fp ? fmt::format("c{:+}", row.fp) : "u", has_ra ? fmt::format("c{:+}", row.ra) : "u",
                     row.is_signed ? "[s]" : "");
}

}  // namespace surefoot::tools
