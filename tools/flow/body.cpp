// SPDX-License-Identifier: MIT
#include "flow/body.hpp"

#include <algorithm>

namespace surefoot::tools {

bool has_same_frame(const State& from, const State& to) {
  for (const unsigned reg : {sp_number, fp_number}) {
    if (from.x[reg].is_known() && to.x[reg].is_known() && from.x[reg] != to.x[reg]) return false;
  }
  const auto is_found = [&](unsigned reg, Value::Kind kind) {
    const auto holds = [kind](const Slot& slot) { return slot.value.is(kind); };
    const auto is_in_both = [&](const Slot& slot) { return holds(slot) && to.slot(slot.offset).is(kind); };
    return from.x[reg].is(kind) || std::ranges::none_of(from.slots, holds) ||
           std::ranges::any_of(from.slots, is_in_both);
  };
  return is_found(fp_number, Value::Kind::entry_fp) && is_found(lr_number, Value::Kind::entry_lr);
}

std::size_t find_prologue_end(const Body& body) {
  constexpr RegisterSet kept_by_callees = 0x7ff80000;
  std::size_t end = 0;
  RegisterSet written = 0;
  for (std::size_t i = 0; i < body.code.size() && body.code[i]; ++i) {
    const Instruction& instruction = *body.code[i];
    if (instruction.flow.kind != Flow::Kind::next || (i > 0 && body.is_target[i])) break;
    RegisterSet stored = 0;
    for (unsigned k = 0; k < instruction.register_count; ++k) {
      if (instruction.registers[k] < sp_number) stored |= RegisterSet{1} << instruction.registers[k];
    }
    const bool is_save =
        instruction.operation == Instruction::Operation::store && (stored & kept_by_callees & ~written);
    if (is_save) end = i + 1;
    written |= instruction.written;
  }
  return end;
}

std::vector<std::uint64_t> find_targets(const Body& body) {
  std::vector<std::uint64_t> targets;
  for (const std::optional<Instruction>& instruction : body.code) {
    if (!instruction) continue;
    const Flow& flow = instruction->flow;
    if (flow.kind != Flow::Kind::call && !flow.is_direct_jump()) continue;
    const bool stays = flow.is_direct_jump() && body.contains(flow.target) && flow.target != body.function->start;
    if (!stays) targets.push_back(flow.target);
  }
  std::ranges::sort(targets);
  const auto repeated = std::ranges::unique(targets);
  targets.erase(repeated.begin(), repeated.end());
  return targets;
}

bool returns_at_once(const Body& body, std::size_t index) {
  for (; index < body.code.size() && body.code[index]; ++index) {
    const Instruction& instruction = *body.code[index];
    if (instruction.flow.kind != Flow::Kind::next) {
      return instruction.flow.kind == Flow::Kind::function_return && instruction.flow.target_register == lr_number;
    }
    const bool is_of_lr = instruction.operation == Instruction::Operation::sign ||
                          instruction.operation == Instruction::Operation::authenticate;
    if ((instruction.written >> lr_number & 1) != 0 && !is_of_lr) return false;
  }
  return false;
}

}  // namespace surefoot::tools
