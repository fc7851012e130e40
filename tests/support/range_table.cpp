// SPDX-License-Identifier: MIT
//
// Encodes special-range tables as the assembly macros do.
#include "support/range_table.hpp"

#include "support/code_map.hpp"

namespace surefoot::testing {

RangeTable& RangeTable::add(std::uint64_t start, std::uint64_t end, SpecialKind kind, Rule rule) {
  const std::uint64_t entry_at = table_at_ + entries_.size() * sizeof(SpecialRangeEntry);
  const auto offset = [](std::uint64_t target, std::uint64_t field_at) {
    return static_cast<std::int32_t>(static_cast<std::int64_t>(target - field_at));
  };
  entries_.push_back({.start_offset = offset(start, entry_at),
                      .end_offset = offset(end, entry_at + 4),
                      .kind = static_cast<std::uint8_t>(kind),
                      .rule_form = static_cast<std::uint8_t>(rule.form),
                      .saved_pc_offset = rule.saved_pc_offset,
                      .reserved = 0});
  return *this;
}

const RangeTable& usual_table() {
  static const RangeTable table = [] {
    RangeTable made(code::text_end + 0x1'0000);
    made.add(code::vectors, SpecialKind::exception_entry)
        .add(code::ftrace_caller, SpecialKind::ftrace_trampoline)
        .add(code::ftrace_call, SpecialKind::ftrace_call, trampoline_rule)
        .add(code::ftrace_tail, SpecialKind::ftrace_trampoline)
        .add(code::ftrace_graph_caller, SpecialKind::ftrace_graph_caller, trampoline_rule)
        .add(code::return_to_handler, SpecialKind::return_to_handler)
        .add(code::return_probe, SpecialKind::return_hook)
        .add(code::veneer, SpecialKind::veneer)
        .add(code::other, SpecialKind::other);
    return made;
  }();
  return table;
}

}  // namespace surefoot::testing
