// SPDX-License-Identifier: MIT
#include "flow/trial.hpp"

#include <algorithm>

namespace surefoot::tools {

using Kind = Value::Kind;

bool is_same_frame(const State& known, const State& tried) {
  const Value& fp = known.x[fp_number];
  if (!fp.is_known() || fp != tried.x[fp_number]) return false;
  // Where only a bound of sp is known, x29 tells all.
  const bool is_by_fp = known.sp().is(Kind::cfa_at_most) && tried.sp().is_stack_address() && fp.is(Kind::cfa);
  if (!is_by_fp && (!known.sp().is(Kind::cfa) || known.sp() != tried.sp())) return false;
  const auto is_in_tried = [&](const Slot& slot) {
    return !slot.value.is_of_caller() || tried.slot(slot.offset) == slot.value;
  };
  if (!std::ranges::all_of(known.slots, is_in_tried)) return false;
  const Value& lr = known.x[lr_number];
  return !lr.is(Kind::entry_lr) || lr == tried.x[lr_number] || known.has_saved_lr();
}

bool Trial::reaches(std::uint64_t address, const State* known, const State& state) {
  if (is_refuted_) return false;
  if (known == nullptr) return reached_.insert(address).second;
  if (reached_.contains(address)) return true;
  end(is_same_frame(*known, state));
  return false;
}

bool Trial::agrees_with_testimony(const State& state, std::uint64_t pc) const {
  return testimony_ == nullptr || testimony_->compare(state, pc) != Comparison::differ;
}

}  // namespace surefoot::tools
