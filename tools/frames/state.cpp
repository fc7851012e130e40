// SPDX-License-Identifier: MIT
#include "frames/state.hpp"

#include <algorithm>

namespace surefoot::tools {

State State::at_entry() {
  State state;
  state.x[fp_number] = {.kind = Value::Kind::entry_fp};
  state.x[lr_number] = {.kind = Value::Kind::entry_lr};
  state.x[sp_number] = Value::cfa(0);
  return state;
}

Value State::slot(std::int64_t offset) const {
  const auto at = std::ranges::lower_bound(slots, offset, {}, &Slot::offset);
  return at != slots.end() && at->offset == offset ? at->value : Value{};
}

}  // namespace surefoot::tools
