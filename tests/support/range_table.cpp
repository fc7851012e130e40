// SPDX-License-Identifier: MIT
//
// Encodes special-range tables as the assembly macros do.
#include "support/range_table.hpp"

#include "support/code_map.hpp"

namespace surefoot::testing {

namespace {

std::uint8_t pack(const Rule& rule) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(rule.pc) |
                                   static_cast<unsigned>(rule.lr) << SUREFOOT_RULE_SHIFT_LR |
                                   unsigned{rule.in_flight} << SUREFOOT_RULE_SHIFT_IN_FLIGHT);
}

}  // namespace

RangeTable& RangeTable::add(std::uint64_t start, std::uint64_t end, SpecialKind kind, Rule rule) {
  const std::uint64_t entry_at = table_at_ + entries_.size() * sizeof(SpecialRangeEntry);
  const auto offset = [](std::uint64_t target, std::uint64_t field_at) {
    return static_cast<std::int32_t>(static_cast<std::int64_t>(target - field_at));
  };
  entries_.push_back({.start_offset = offset(start, entry_at),
                      .end_offset = offset(end, entry_at + 4),
                      .kind = static_cast<std::uint8_t>(kind),
                      .rule = pack(rule),
                      .rule_offset = static_cast<std::int16_t>(rule.offset),
                      .registers_offset = static_cast<std::int16_t>(rule.fp_offset),
                      .caller_sp = rule.base == Base::sp
                                       ? static_cast<std::uint16_t>(rule.cfa_offset | SUREFOOT_CALLER_SP_IS_KNOWN)
                                       : std::uint16_t{0}});
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

const RangeTable& ruled_table() {
  constexpr Rule before_frame{.pc = From::link_register, .lr = From::x9};
  constexpr Rule by_frame_pc{.pc = From::stack, .lr = From::link_register, .offset = 16};
  constexpr Rule by_x9{.pc = From::x9, .lr = From::link_register};
  constexpr Rule by_return_stack{.pc = From::return_stack};
  constexpr Rule by_lr{.pc = From::link_register, .in_flight = 1};
  constexpr std::uint64_t tail = code::ftrace_tail.start();
  constexpr std::uint64_t handler = code::return_to_handler.start();
  static const RangeTable table = [&] {
    RangeTable made(code::text_end + 0x1'0000);
    constexpr std::uint64_t entered = code::vectors.start() + 0x10;
    made.add(code::vectors.start(), entered, SpecialKind::exception_entry)
        .add(entered, code::vectors.end(), SpecialKind::exception_entry, {.pc = From::frame_record})
        .add(code::ftrace_caller, SpecialKind::ftrace_trampoline, before_frame)
        .add(code::ftrace_call, SpecialKind::ftrace_call, trampoline_rule)
        .add(tail, tail + 0x10, SpecialKind::ftrace_trampoline, by_frame_pc)
        .add(tail + 0x10, code::ftrace_tail.end(), SpecialKind::ftrace_trampoline, by_x9)
        .add(code::ftrace_graph_caller, SpecialKind::ftrace_graph_caller, trampoline_rule)
        .add(handler, handler + 8, SpecialKind::return_to_handler, by_return_stack)
        .add(handler + 8, code::return_to_handler.end(), SpecialKind::return_to_handler, by_lr)
        .add(code::return_probe, SpecialKind::return_hook)
        .add(code::veneer, SpecialKind::veneer, {.pc = From::link_register})
        .add(code::other, SpecialKind::other);
    return made;
  }();
  return table;
}

}  // namespace surefoot::testing
