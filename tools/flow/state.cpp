// SPDX-License-Identifier: MIT
#include "flow/state.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace surefoot::tools {
namespace {

using Kind = Value::Kind;

constexpr std::int64_t slot_size = 8;
// More than a function has that saves the pair and spills a few constants; a bound for code that is made to be slow.
constexpr std::size_t max_slots = 128;

// sp where two paths meet that have pushed differently. No function moves it above the CFA: a loop that pops becomes
// stable there.
Value join_stack_pointers(const Value& a, const Value& b) {
  if (a == b) return a;
  if (!a.is_stack_address() || !b.is_stack_address()) return {};
  const std::int64_t bound = std::max(a.number, b.number);
  if (bound > 0) return {};
  return Value::make(Kind::cfa_at_most, bound);
}

Value join_values(const Value& a, const Value& b) {
  if (a == b) return a;
  if (a.is(Kind::bounded) && b.is(Kind::bounded))
    return Value::bounded(std::max<std::int64_t>(a.number, b.number), a.is_word || b.is_word);
  // A copy of sp, which it is to be restored from.
  if (a.is(Kind::cfa_at_most) || b.is(Kind::cfa_at_most)) return join_stack_pointers(a, b);
  return {};
}

}  // namespace

State State::at_entry() {
  State state;
  state.x[platform_number] = {.kind = Kind::shadow_top};
  state.x[fp_number] = {.kind = Kind::entry_fp};
  state.x[lr_number] = {.kind = Kind::entry_lr};
  state.x[sp_number] = Value::cfa(0);
  return state;
}

Value State::slot(std::int64_t offset) const {
  const auto at = std::ranges::lower_bound(slots, offset, {}, &Slot::offset);
  return at != slots.end() && at->offset == offset ? at->value : Value{};
}

bool State::has_no_frame() const { return sp() == Value::cfa(0) && x[fp_number].is(Kind::entry_fp); }
bool State::is_as_called() const { return has_no_frame() && x[lr_number].is(Kind::entry_lr); }

bool State::has_record() const {
  const Value& fp = x[fp_number];
  if (!fp.is(Kind::cfa) || fp.number > std::numeric_limits<std::int64_t>::max() - slot_size) return false;
  return slot(fp.number).is(Kind::entry_fp) && slot(fp.number + slot_size).is(Kind::entry_lr);
}

bool State::has_saved_lr() const {
  return std::ranges::any_of(slots, [](const Slot& slot) { return slot.value.is(Kind::entry_lr); });
}

std::optional<std::int64_t> State::lowest_safe_slot() const {
  if (!sp().is_stack_address()) return {};
  return sp().number;
}

void State::set_slot(std::int64_t offset, const Value& value) {
  forget_slots(offset, offset + slot_size);
  // Where sp is known as a bound, what is below that may be below sp, and lost before sp is known again.
  if (sp().is(Kind::cfa_at_most) && offset < sp().number) return;
  if (slots.size() >= max_slots) return;
  slots.insert(std::ranges::lower_bound(slots, offset, {}, &Slot::offset), {offset, value});
}

void State::forget_slots(std::int64_t from, std::int64_t to) {
  std::erase_if(slots, [=](const Slot& slot) { return slot.offset < to && from < slot.offset + slot_size; });
}

void State::set_sp(const Value& value) {
  if (compared.is_sp && value != sp()) compared = {};
  x[sp_number] = value.is_stack_address() ? value : Value{};
  if (sp().is(Kind::cfa)) forget_slots(std::numeric_limits<std::int64_t>::min() / 2, sp().number);
}

bool State::join(const State& other) {
  bool has_changed = false;
  const auto update = [&](Value& mine, const Value& joined) {
    has_changed |= mine != joined;
    mine = joined;
  };
  for (unsigned i = 0; i < sp_number; ++i) update(x[i], join_values(x[i], other.x[i]));
  update(x[sp_number], join_stack_pointers(x[sp_number], other.x[sp_number]));
  for (Slot& slot : slots) update(slot.value, join_values(slot.value, other.slot(slot.offset)));
  std::erase_if(slots, [](const Slot& slot) { return slot.value.is(Kind::unknown); });
  if (!shadow_slot.value.is(Kind::unknown) && shadow_slot != other.shadow_slot) {
    shadow_slot = {};
    has_changed = true;
  }
  if (compared.is_known && compared != other.compared) {
    compared = {};
    has_changed = true;
  }
  return has_changed;
}

void State::forget_names() {
  for (Value& value : x) {
    if (!value.is_worth_keeping()) value = {};
  }
  compared = {};
}

void StateList::set(std::size_t index, State state) {
  state.forget_names();
  if (distinct_.empty() || distinct_.back() != state) distinct_.push_back(std::move(state));
  states_[index] = static_cast<std::uint32_t>(distinct_.size() - 1);
}

void StateList::clear() {
  std::ranges::fill(states_, none);
  distinct_.clear();
}

}  // namespace surefoot::tools
