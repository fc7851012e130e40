// SPDX-License-Identifier: MIT
#include "ways.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "code/registers.hpp"

namespace corrupt {
namespace {

using surefoot::SpecialKind;
using surefoot::tools::Flow;
using Operation = Instruction::Operation;

constexpr std::size_t most_nodes = 20'000;

constexpr RegisterSet bit_of(unsigned number) { return RegisterSet{1} << number; }

bool is_msr(std::uint32_t word, std::uint32_t name) { return (word & 0xffffffe0U) == name; }
constexpr std::uint32_t msr_spsr_el1 = 0xd5184000;
constexpr std::uint32_t msr_elr_el1 = 0xd5184020;

// XZR is 31 where a register is stored, and as the second source of an addition; elsewhere 31 is sp.
RegisterSet sources_of(const Instruction& instruction) {
  switch (instruction.operation) {
    case Operation::other:
    case Operation::unknown:
    case Operation::set:
    case Operation::compare:
    case Operation::compare_register: return 0;
    case Operation::insert: return bit_of(instruction.destination);
    case Operation::add:
    case Operation::mask: return bit_of(instruction.source);
    case Operation::add_register:
    case Operation::subtract_register:
      return bit_of(instruction.source) | (instruction.second == 31 ? 0 : bit_of(instruction.second));
    case Operation::sign:
    case Operation::authenticate:
    case Operation::strip: return bit_of(instruction.destination);
    case Operation::load: return bit_of(instruction.memory.base);
    case Operation::store: {
      RegisterSet sources = bit_of(instruction.memory.base);
      for (unsigned i = 0; i < instruction.register_count; ++i) {
        if (instruction.registers[i] < 31) sources |= bit_of(instruction.registers[i]);
      }
      return sources;
    }
  }
  return 0;
}

RegisterSet results_of(const Instruction& instruction) {
  switch (instruction.operation) {
    case Operation::other: return instruction.written;
    case Operation::unknown: return all_registers;
    case Operation::compare:
    case Operation::compare_register: return 0;
    case Operation::load: {
      RegisterSet results = instruction.memory.writeback != 0 ? bit_of(instruction.memory.base) : 0;
      for (unsigned i = 0; i < instruction.register_count; ++i) {
        if (instruction.registers[i] < 31) results |= bit_of(instruction.registers[i]);
      }
      return results;
    }
    case Operation::store: return instruction.memory.writeback != 0 ? bit_of(instruction.memory.base) : 0;
    default: return bit_of(instruction.destination);
  }
}

bool is_understood(const Instruction& instruction) {
  if (instruction.operation == Operation::other || instruction.operation == Operation::unknown) return false;
  return instruction.operation != Operation::load || !instruction.memory.has_index;
}

// STLR: of a register to where another leads, which the decoder leaves to what it may write.
void make_store(Instruction& instruction) {
  instruction.operation = Operation::store;
  instruction.access_bytes = (instruction.word >> 30 & 1) != 0 ? 8 : 4;
  instruction.register_count = 1;
  instruction.registers[0] = static_cast<std::uint8_t>(instruction.word & 31U);
  instruction.memory = {};
  instruction.memory.base = static_cast<std::uint8_t>(instruction.word >> 5 & 31U);
}

// A tail call by a register, whatever it leads to: that returns to where this function would have. With landing pads
// compilers use x16 and x17 for those alone, and never for the jumps of a switch [arm-arm D8.4.9, BTI].
bool is_tail_call(const Flow& flow, RegisterSet known) {
  const bool is_by_ip = flow.target_register == 16 || flow.target_register == 17;
  return flow.kind == Flow::Kind::indirect_jump && is_by_ip && (known & bit_of(30)) != 0;
}

std::uint8_t target_of(const Flow& flow) {
  return flow.kind == Flow::Kind::function_return ? flow.target_register : std::uint8_t{30};
}

// What is known after a step.
RegisterSet known_after(const Step& step, RegisterSet known) {
  switch (step.kind) {
    case Step::Kind::call: return known & kept_by_callees;
    case Step::Kind::enter_trampoline: return known | bit_of(30);
    case Step::Kind::pop: return (known & kept_by_callees) | bit_of(0) | bit_of(1);
    case Step::Kind::set_return_pc:
    case Step::Kind::set_return_state: return known;
    case Step::Kind::ordinary: break;
  }
  const RegisterSet results = results_of(step.instruction);
  const bool is_known = is_understood(step.instruction) && (sources_of(step.instruction) & ~known) == 0;
  if (step.instruction.operation == Operation::store) return known;
  return is_known ? known | results : known & ~results;
}

}  // namespace

Code::Code(const Capture& capture) {
  for (const CapturedRegion& region : capture.regions) {
    const Piece* const piece = capture.find_piece(region.head.text.start());
    if (piece == nullptr) continue;
    texts_.push_back({region.head.text, piece->bytes});
    for (std::uint64_t pc = region.head.text.start(); pc < region.head.text.end(); pc += 4) {
      vocabulary_.add(*word_at(pc));
    }
    for (const surefoot::SpecialRange& range : region.ranges) {
      const bool is_hook = range.kind == SpecialKind::return_to_handler || range.kind == SpecialKind::return_hook;
      // A hook is several ranges, one behind the other; what is returned to is where the first starts.
      if (is_hook && (hook_ranges_.empty() || hook_ranges_.back().end() != range.range.start())) {
        hooks_.insert(range.range.start());
      }
      if (is_hook) hook_ranges_.push_back(range.range);
      if (range.kind == SpecialKind::ftrace_call || range.kind == SpecialKind::ftrace_graph_caller) {
        tracer_calls_.push_back(range.range);
      }
      if (range.kind == SpecialKind::ftrace_trampoline) trampolines_.push_back(range.range);
    }
  }
  find_returning();
}

std::optional<std::uint32_t> Code::word_at(std::uint64_t pc) const {
  for (const Text& text : texts_) {
    if (!text.range.contains(pc, 4)) continue;
    std::uint32_t word;
    std::memcpy(&word, text.bytes->data() + (pc - text.range.start()), sizeof word);
    return word;
  }
  return std::nullopt;
}

bool Code::is_in_hook(std::uint64_t pc) const {
  return std::ranges::any_of(hook_ranges_, [&](const auto& range) { return range.contains(pc); });
}

bool Code::is_trampoline(std::uint64_t pc) const {
  return std::ranges::any_of(trampolines_, [&](const auto& range) { return range.start() == pc; });
}

bool Code::is_behind_tracer(std::uint64_t pc) const {
  return std::ranges::any_of(tracer_calls_, [&](const auto& range) { return range.contains(pc - 4); });
}

bool Code::is_behind_pop(std::uint64_t pc) const {
  const auto step = contains(pc - 4) ? step_at(pc - 4) : std::nullopt;
  return step && step->kind == Step::Kind::pop;
}

std::optional<Step> Code::step_at(std::uint64_t pc) const {
  const auto word = word_at(pc);
  if (pc % 4 != 0 || !word) return std::nullopt;
  Step step{.kind = Step::Kind::ordinary, .instruction = vocabulary_.decode(*word, pc)};
  if ((*word & 0xbffffc00) == 0x889ffc00) make_store(step.instruction);
  const Flow& flow = step.instruction.flow;
  if (flow.is_call()) {
    step.kind = Step::Kind::call;
    const bool is_direct = flow.kind == Flow::Kind::call;
    if (is_direct && is_in_hook(pc)) step.kind = Step::Kind::pop;
    if (is_direct && is_trampoline(flow.target) && !is_trampoline(pc)) step.kind = Step::Kind::enter_trampoline;
  }
  if (is_msr(*word, msr_elr_el1)) step.kind = Step::Kind::set_return_pc;
  if (is_msr(*word, msr_spsr_el1)) step.kind = Step::Kind::set_return_state;
  return step;
}

// Functions that return, as far as calls of functions lead that are known to: more with each round.
void Code::find_returning() {
  std::set<std::uint64_t> called;
  for (const Text& text : texts_) {
    for (std::uint64_t pc = text.range.start(); pc < text.range.end(); pc += 4) {
      const auto step = step_at(pc);
      if (step && step->instruction.flow.kind == Flow::Kind::call) called.insert(step->instruction.flow.target);
    }
  }
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (const std::uint64_t entry : called) {
      if (returning_.contains(entry) || !may_return(entry)) continue;
      returning_.insert(entry);
      has_changed = true;
    }
  }
}

bool Code::may_return(std::uint64_t entry) const {
  std::vector<std::uint64_t> open{entry};
  std::unordered_set<std::uint64_t> seen{entry};
  const auto add = [&](std::uint64_t pc) {
    if (seen.insert(pc).second) open.push_back(pc);
  };
  while (!open.empty()) {
    const std::uint64_t pc = open.back();
    open.pop_back();
    const auto step = step_at(pc);
    if (!step) continue;
    const Flow& flow = step->instruction.flow;
    if (flow.kind == Flow::Kind::function_return) return true;
    if (flow.kind == Flow::Kind::indirect_jump) return true;  // a tail call, or a switch of which some case returns
    if (flow.is_direct_jump()) add(flow.target);
    const bool comes_back = flow.kind != Flow::Kind::call || returning_.contains(flow.target);
    if (flow.goes_on() && !flow.is_trap && comes_back) add(pc + 4);
  }
  return false;
}

const Way& Code::way_from(std::uint64_t pc, RegisterSet known) {
  const std::uint64_t key = pc << 32 | known;
  const auto [place, is_new] = ways_.try_emplace(key);
  if (is_new) place->second = find_way(pc, known);
  return place->second;
}

Way Code::find_way(std::uint64_t pc, RegisterSet known) const {
  std::vector<Node> nodes{{pc, known, 0}};
  std::set<std::pair<std::uint64_t, RegisterSet>> seen;
  bool is_all_understood = true;
  const auto add = [&](std::uint64_t to, RegisterSet known_there, std::size_t from) {
    if (seen.insert({to, known_there}).second) nodes.push_back({to, known_there, from});
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i == most_nodes) return {};
    const Node node = nodes[i];
    const auto step = step_at(node.pc);
    if (!step) continue;  // behind the end of the code
    const Flow& flow = step->instruction.flow;
    constexpr RegisterSet needed = bit_of(29) | bit_of(31);
    if (flow.kind == Flow::Kind::function_return || is_tail_call(flow, node.known)) {
      const RegisterSet all_needed = needed | bit_of(target_of(flow));
      if ((node.known & all_needed) == all_needed) return make_way(nodes, i);
      is_all_understood = false;
      continue;
    }
    if (flow.kind == Flow::Kind::exception_return) {
      if ((node.known & needed) == needed) return make_way(nodes, i);
      is_all_understood = false;
      continue;
    }
    if (flow.kind == Flow::Kind::indirect_jump) is_all_understood = false;
    const RegisterSet known_there = known_after(*step, node.known);
    if (flow.is_direct_jump()) add(flow.target, known_there, i);
    const bool is_plain_call = step->kind == Step::Kind::call && flow.kind == Flow::Kind::call;
    const bool comes_back = !is_plain_call || returning_.contains(flow.target);
    if (flow.goes_on() && !flow.is_trap && comes_back) add(node.pc + 4, known_there, i);
  }
  return {.end = is_all_understood ? Way::End::never : Way::End::not_known, .target = 30, .steps = {}};
}

Way Code::make_way(const std::vector<Node>& nodes, std::size_t last) const {
  Way way;
  const Flow flow = step_at(nodes[last].pc)->instruction.flow;
  RegisterSet needed = all_registers;
  if (flow.kind == Flow::Kind::exception_return) {
    way.end = Way::End::by_exception;
  } else {
    way.end = Way::End::by_register;
    way.target = target_of(flow);
    if (way.target == 30) needed = kept_by_callees | bit_of(30);
  }
  // Backwards, and only what has a part in what is needed.
  for (std::size_t i = last; i != 0;) {
    i = nodes[i].before;
    const Step step = *step_at(nodes[i].pc);
    const Instruction& instruction = step.instruction;
    if (step.kind == Step::Kind::ordinary) {
      const RegisterSet results = results_of(instruction);
      const bool is_store = instruction.operation == Operation::store;
      if (!is_store && (results & needed) == 0) continue;
      if (!is_store) needed &= ~results;
      needed |= sources_of(instruction);
    } else if (step.kind == Step::Kind::set_return_pc || step.kind == Step::Kind::set_return_state) {
      needed |= bit_of(instruction.word & 31U);
    } else if (step.kind == Step::Kind::enter_trampoline) {
      needed |= bit_of(9);
    } else if (step.kind == Step::Kind::call && (needed & ~kept_by_callees) == 0) {
      continue;
    }
    way.steps.push_back(step);
  }
  std::ranges::reverse(way.steps);
  return way;
}

}  // namespace corrupt
