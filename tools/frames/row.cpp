// SPDX-License-Identifier: MIT
#include "frames/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>

namespace surefoot::tools {
namespace {

using States = std::span<const std::optional<State>>;

/// A choice that is open, and for how many instructions from now it stays right.
template <typename Option>
struct Candidate {
  Option option{};
  std::size_t run = 0;
};

bool is_base_right(const State& state, Row::Base base, std::int32_t cfa) {
  const Value& value = state.x[base == Row::Base::sp ? sp_number : fp_number];
  return value.is(Value::Kind::cfa) && value.number == -std::int64_t{cfa};
}

Value return_address(bool is_signed) { return {.kind = Value::Kind::entry_lr, .is_signed = is_signed}; }
Value frame_pointer() { return {.kind = Value::Kind::entry_fp}; }

/// True if the slot belongs to a whole frame record that x29 points to.
bool is_in_record(const State& state, std::int64_t offset) {
  const Value& fp = state.x[fp_number];
  return fp.is(Value::Kind::cfa) && (offset == fp.number || offset == fp.number + 8) &&
         state.slot(fp.number) == frame_pointer() && state.slot(fp.number + 8).is(Value::Kind::entry_lr);
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

bool fits(std::int64_t value) {
  return value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max();
}

/// For how many of the instructions, from the first on, the predicate is true.
template <typename Predicate>
std::size_t run_length(States states, Predicate is_true) {
  const auto end = std::ranges::find_if_not(states, [&](const auto& state) { return state && is_true(*state); });
  return static_cast<std::size_t>(end - states.begin());
}

/// sp before fp.
std::vector<Candidate<Row>> find_bases(States states) {
  std::vector<Candidate<Row>> found;
  for (const Row::Base base : {Row::Base::sp, Row::Base::fp}) {
    const Value& value = states.front()->x[base == Row::Base::sp ? sp_number : fp_number];
    // The negative of the least number does not fit either.
    if (!value.is(Value::Kind::cfa) || !fits(value.number) || !fits(-value.number)) {
      continue;
    }
    const auto cfa = static_cast<std::int32_t>(-value.number);
    found.push_back({.option = {.base = base, .cfa = cfa},
                     .run = run_length(states, [&](const State& state) { return is_base_right(state, base, cfa); })});
  }
  return found;
}

/// The slots that hold a value of the kind, by falling offset: smaller numbers first, as they are below the CFA.
std::vector<Candidate<Slot>> find_slots(States states, Value::Kind kind) {
  std::vector<Candidate<Slot>> found;
  const State& first = *states.front();
  for (auto slot = first.slots.rbegin(); slot != first.slots.rend(); ++slot) {
    if (!slot->value.is(kind) || !fits(slot->offset)) {
      continue;
    }
    const auto is_there = [&](const State& state) { return holds(state, slot->offset, slot->value); };
    if (const std::size_t run = run_length(states, is_there); run > 0) {
      found.push_back({.option = *slot, .run = run});
    }
  }
  return found;
}

template <typename Option>
std::size_t longest(const std::vector<Candidate<Option>>& candidates) {
  std::size_t run = 0;
  for (const auto& candidate : candidates) {
    run = std::max(run, candidate.run);
  }
  return run;
}

template <typename Option>
const Option& first_of(const std::vector<Candidate<Option>>& candidates, std::size_t run) {
  return std::ranges::find_if(candidates, [run](const auto& candidate) { return candidate.run >= run; })->option;
}

/// The row that stays right for longest, the one of fewer words if several do; its run is 0 if none is right. `states`
/// begins with a state. A row is right for as long as each of its parts is, whichever the others are: each part is
/// chosen apart.
Candidate<Row> find_best_row(States states) {
  const auto bases = find_bases(states);
  const auto lr_slots = find_slots(states, Value::Kind::entry_lr);
  const auto fp_slots = find_slots(states, Value::Kind::entry_fp);
  const Value& lr = states.front()->x[lr_number];
  const std::size_t base_run = longest(bases);
  const std::size_t lr_slot_run = longest(lr_slots);
  const std::size_t lr_run = !lr.is(Value::Kind::entry_lr)
                                 ? 0
                                 : run_length(states, [&](const State& state) { return state.x[lr_number] == lr; });
  const std::size_t fp_run =
      run_length(states, [](const State& state) { return state.x[fp_number] == frame_pointer(); });

  struct Form {
    Row::Where where;
    std::size_t run;
  };
  const std::array forms{Form{Row::Where::registers, std::min({base_run, lr_run, fp_run})},
                         Form{Row::Where::lr_on_stack, std::min({base_run, lr_slot_run, fp_run})},
                         Form{Row::Where::stack, std::min({base_run, lr_slot_run, longest(fp_slots)})}};
  const Form& best = *std::ranges::max_element(forms, {}, &Form::run);  // the first of several
  if (best.run == 0) {
    return {};
  }
  Row row = first_of(bases, best.run);
  row.where = best.where;
  row.is_signed = lr.is_signed;
  if (best.where != Row::Where::registers) {
    const Slot& slot = first_of(lr_slots, best.run);
    row.is_signed = slot.value.is_signed;
    row.ra = static_cast<std::int32_t>(slot.offset);
  }
  if (best.where == Row::Where::stack) {
    row.fp = static_cast<std::int32_t>(first_of(fp_slots, best.run).offset);
  }
  return {.option = row, .run = best.run};
}

}  // namespace

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

std::vector<std::optional<Row>> choose_rows(const std::vector<std::optional<State>>& states) {
  std::vector<std::optional<Row>> rows(states.size());
  for (std::size_t at = 0; at < states.size();) {
    const Candidate<Row> best = states[at] ? find_best_row(States(states).subspan(at)) : Candidate<Row>{};
    std::fill_n(rows.begin() + static_cast<std::ptrdiff_t>(at), best.run, best.option);
    at += std::max<std::size_t>(best.run, 1);
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
