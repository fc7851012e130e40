// SPDX-License-Identifier: MIT
#include "control.hpp"

#include <algorithm>

namespace corrupt {
namespace {

using surefoot::ExceptionLayout;
using Operation = Instruction::Operation;

constexpr std::size_t most_frames = 1024;

std::uint64_t extended(std::uint64_t value, const surefoot::tools::Extension& extension) {
  if (extension.bytes < 8) {
    const unsigned unused = 64 - extension.bytes * 8U;
    value = extension.is_signed ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value << unused) >> unused)
                                : value << unused >> unused;
  }
  return value << extension.shift;
}

}  // namespace

Control::Control(const Capture& capture, Code& code, const Memory& memory)
    : capture_(capture), code_(code), memory_(memory) {
  if (!capture.return_stacks.empty()) {
    depth_ = static_cast<std::uint32_t>(Memory::word(capture.return_stacks[0] + SUREFOOT_RETURN_STACK_OFFSET_DEPTH));
  }
  is_learning_ = true;
  find_start();
  static_cast<void>(follow());
  is_learning_ = false;
}

// A walk from a call begins in a caller of walk(): the callee-saved registers are those that it will find again.
void Control::find_start() {
  const CaptureHead& head = capture_.head;
  switch (static_cast<surefoot::Start::Kind>(head.kind)) {
    case surefoot::Start::Kind::no_stack: return;
    case surefoot::Start::Kind::exception: lowest_ = head.frame_at; return;
    case surefoot::Start::Kind::blocked_task: {
      lowest_ = head.registers.sp;
      for (unsigned i = 0; i < 10; ++i) start_.set(19 + i, Memory::word(head.context_at + i * 8));
      break;
    }
    case surefoot::Start::Kind::call: {
      lowest_ = head.registers.sp;
      Machine machine;
      for (unsigned i = 0; i < 10; ++i) machine.set(19 + i, head.caller[i]);
      machine.set(29, head.caller[10]);
      machine.set(31, head.caller[11]);
      machine.pc = head.caller[12];
      for (std::size_t i = 0; i < most_frames; ++i) {
        if (machine.x[31] == head.registers.sp) {
          start_ = machine;
          break;
        }
        if (!go_back(machine)) break;
      }
      break;
    }
  }
  start_.set(29, head.registers.fp);
  start_.set(31, head.registers.sp);
  start_.pc = strip(head.registers.pc);
  start_.is_exact = false;
}

// The state in which control is before it returns for the first time. False if it is nowhere.
bool Control::begin(Machine& machine) {
  const CaptureHead& head = capture_.head;
  const auto kind = static_cast<surefoot::Start::Kind>(head.kind);
  if (kind == surefoot::Start::Kind::no_stack) return false;
  machine = start_;
  if (kind != surefoot::Start::Kind::exception) return true;
  const ExceptionLayout& layout = head.exception;
  const auto saved = [&](std::uint16_t offset) {
    if (is_learning_) roles_.emplace(head.frame_at + offset, Role::exception_frame);
    return load(head.frame_at + offset, 8);
  };
  for (unsigned i = 0; i < 29; ++i) machine.set(i, saved(static_cast<std::uint16_t>(layout.x9 - 9 * 8 + i * 8)));
  machine.set(29, saved(layout.fp));
  machine.set(30, saved(layout.lr));
  machine.set(31, layout.sp == ExceptionLayout::absent ? head.frame_at + layout.size : *saved(layout.sp));
  const std::uint64_t state = layout.pstate == ExceptionLayout::absent ? 5 : *saved(layout.pstate);
  machine.pc = *saved(layout.pc);
  machine.is_exact = true;
  return !surefoot::is_from_el0(state);
}

const Truth& Control::follow() {
  truth_.end = Truth::End::complete;
  truth_.pcs.clear();
  truth_.is_resumed.clear();
  stored_.clear();
  fresh_.clear();
  read_.clear();
  popped_ = 0;
  Machine machine;
  if (begin(machine)) run(machine);
  return truth_;
}

void Control::run(Machine& machine) {
  truth_.pcs.push_back(machine.pc);
  truth_.is_resumed.push_back(false);
  while (go_back(machine)) {
    if (!machine.is_exact && code_.is_hook(machine.pc)) {
      // Nothing returns to a hook but to go on at once.
      machine.is_exact = true;
      continue;
    }
    if (truth_.pcs.size() == most_frames) {
      truth_.end = Truth::End::broken;
      return;
    }
    truth_.pcs.push_back(machine.pc);
    truth_.is_resumed.push_back(machine.is_resumed);
  }
}

bool Control::go_back(Machine& machine) {
  if (!code_.contains(machine.pc)) return stop(Truth::End::broken);
  if (!machine.is_exact) {
    machine.known &= kept_by_callees;
    if (code_.is_behind_pop(machine.pc)) {
      if (!pop(machine, false)) return false;
      machine.is_exact = true;
    }
    if (code_.is_behind_tracer(machine.pc)) end_hooking(machine);
  } else if (code_.is_hook(machine.pc)) {
    machine.known &= kept_by_callees;
  }
  const Way& way = code_.way_from(machine.pc, machine.known);
  if (way.end == Way::End::never) return stop(Truth::End::complete);
  if (way.end == Way::End::not_known) return stop(Truth::End::not_known);
  reading_ = Role::nothing;  // the register tells
  if (way.end == Way::End::by_exception) reading_ = Role::exception_frame;
  if (way.target != 30 || code_.is_in_hook(machine.pc)) reading_ = Role::trampoline_frame;
  for (const Step& step : way.steps) {
    if (!execute(machine, step)) return false;
  }
  if (way.end == Way::End::by_register) {
    if (!machine.has(way.target)) return stop(Truth::End::not_known);
    machine.pc = machine.x[way.target];
    machine.is_exact = way.target != 30;  // a trampoline resumes what it was called from, with all its registers
    machine.is_resumed = machine.is_exact;
    return code_.contains(machine.pc) || stop(Truth::End::broken);
  }
  machine.pc = machine.return_pc;
  machine.is_exact = true;
  machine.is_resumed = false;
  if ((machine.return_state & 0x1f) == 0) return stop(Truth::End::complete);  // to EL0
  if ((machine.return_state & 0x1c) != 4) return stop(Truth::End::broken);
  return code_.contains(machine.pc) || stop(Truth::End::broken);
}

bool Control::execute(Machine& machine, const Step& step) {
  switch (step.kind) {
    case Step::Kind::ordinary: return execute_ordinary(machine, step.instruction);
    case Step::Kind::call: machine.known &= kept_by_callees; return true;
    case Step::Kind::pop: machine.known &= kept_by_callees; return pop(machine, true);
    case Step::Kind::enter_trampoline:
      machine.set(30, machine.has(9) ? std::optional(machine.x[9]) : std::nullopt);
      return true;
    case Step::Kind::set_return_pc: machine.return_pc = machine.x[step.instruction.word & 31U]; return true;
    case Step::Kind::set_return_state: machine.return_state = machine.x[step.instruction.word & 31U]; return true;
  }
  return true;
}

bool Control::execute_ordinary(Machine& machine, const Instruction& instruction) {
  const auto source = [&](unsigned number) {
    return machine.has(number) ? std::optional(machine.x[number]) : std::nullopt;
  };
  const auto give = [&](std::optional<std::uint64_t> value) {
    if (value && instruction.is_32_bit) *value &= 0xffffffff;
    machine.set(instruction.destination, value);
    return true;
  };
  const auto number = static_cast<std::uint64_t>(instruction.number);
  switch (instruction.operation) {
    case Operation::other: machine.known &= ~instruction.written; return true;
    case Operation::unknown: machine.known = 0; return true;
    case Operation::compare:
    case Operation::compare_register: return true;
    case Operation::set: return give(number);
    case Operation::insert: {
      const auto before = source(instruction.destination);
      if (!before) return give(std::nullopt);
      const std::uint64_t mask = std::uint64_t{0xffff} << instruction.shift;
      return give((*before & ~mask) | number << instruction.shift);
    }
    case Operation::add: {
      const auto first = source(instruction.source);
      has_varying_sp_ |= is_learning_ && instruction.destination == 31 && instruction.source == 29;
      return give(first ? std::optional(*first + number) : std::nullopt);
    }
    case Operation::mask: {
      const auto first = source(instruction.source);
      return give(first ? std::optional(*first & number) : std::nullopt);
    }
    case Operation::add_register:
    case Operation::subtract_register: {
      const auto first = source(instruction.source);
      const auto second = instruction.second == 31 ? std::optional(std::uint64_t{0}) : source(instruction.second);
      if (!first || !second) return give(std::nullopt);
      const std::uint64_t amount = extended(*second, instruction.extension);
      return give(instruction.operation == Operation::add_register ? *first + amount : *first - amount);
    }
    case Operation::sign:
      if (machine.has(instruction.destination)) {
        fresh_.emplace_back(machine.x[instruction.destination], machine.x[31]);  // as if signing left it as it is
      }
      return true;
    case Operation::authenticate: return authenticate(machine, instruction.destination);
    case Operation::strip:
      if (machine.has(instruction.destination)) {
        machine.x[instruction.destination] = strip(machine.x[instruction.destination]);
      }
      return true;
    case Operation::load:
    case Operation::store: return access(machine, instruction);
  }
  return true;
}

// Nobody but the CPU can tell whether a code is right: those are that it accepts in what was captured, each with its
// modifier, sp. Without pointer authentication nothing is checked.
bool Control::authenticate(Machine& machine, unsigned number) {
  if (capture_.head.pac_bits == 0 || !machine.has(number)) return true;
  const std::uint64_t value = machine.x[number];
  const std::pair pair{value, machine.x[31]};
  if (is_learning_) signed_.insert(pair);
  if (!signed_.contains(pair) && std::ranges::find(fresh_, pair) == fresh_.end()) return stop(Truth::End::refused);
  machine.x[number] = strip(value);
  return true;
}

bool Control::access(Machine& machine, const Instruction& instruction) {
  const auto& memory = instruction.memory;
  const bool is_load = instruction.operation == Operation::load;
  const bool is_known = machine.has(memory.base) && !memory.has_index;
  const bool is_of_stack = memory.base == 31 || memory.base == 29;
  const std::uint64_t base = machine.x[memory.base];
  if (is_known && memory.base == 31 && base % 16 != 0) return stop(Truth::End::broken);  // SCTLR_EL1.SA
  const auto at = base + static_cast<std::uint64_t>(std::int64_t{memory.offset});
  const unsigned bytes = instruction.access_bytes;
  if (is_known && is_of_stack && !memory_.contains(at, std::uint64_t{bytes} * instruction.register_count)) {
    return stop(Truth::End::broken);
  }
  for (unsigned i = 0; i < instruction.register_count; ++i) {
    const unsigned number = instruction.registers[i];
    const std::uint64_t address = at + std::uint64_t{i} * bytes;
    if (is_load) {
      if (number >= 31) continue;
      machine.set(number, is_known ? load(address, bytes) : std::nullopt);
      if (is_known && is_learning_) learn_role(address, number);
    } else if (is_known && (is_of_stack || is_of_return_stack(address))) {
      const auto value = number == 31                         ? std::optional(std::uint64_t{0})
                         : number < 31 && machine.has(number) ? std::optional(machine.x[number])
                                                              : std::nullopt;
      store(address, bytes, value);
    }
  }
  if (memory.writeback != 0 && machine.has(memory.base)) {
    machine.x[memory.base] = base + static_cast<std::uint64_t>(std::int64_t{memory.writeback});
  }
  return true;
}

// A tracer that has pushed an entry, and not yet put its hook in the place of the return address, will do so. Whether
// one has is told by what was captured: entry and frame agree then.
void Control::end_hooking(const Machine& machine) {
  const std::uint64_t frame = machine.x[31];
  if (is_learning_ && !capture_.return_stacks.empty()) {
    const auto entries = load(capture_.return_stacks[0] + SUREFOOT_RETURN_STACK_OFFSET_ENTRIES, 8);
    const std::uint64_t entry = *entries + (depth_ - popped_ - 1) * std::uint64_t{SUREFOOT_RETURN_ENTRY_SIZE};
    const auto return_address = load(entry + SUREFOOT_RETURN_ENTRY_OFFSET_RETURN_ADDRESS, 8);
    const bool is_of_frame =
        return_address == load(frame + SUREFOOT_FTRACE_FRAME_OFFSET_LR, 8) &&
        load(entry + SUREFOOT_RETURN_ENTRY_OFFSET_KEY, 8) == load(frame + SUREFOOT_FTRACE_FRAME_OFFSET_FP, 8);
    if (depth_ > popped_ && return_address && is_of_frame) {
      hooking_[frame] = *load(entry + SUREFOOT_RETURN_ENTRY_OFFSET_HOOK, 8);
    }
  }
  if (const auto hook = hooking_.find(frame); hook != hooking_.end()) {
    store(frame + SUREFOOT_FTRACE_FRAME_OFFSET_LR, 8, hook->second);
  }
}

// As surefoot_ftrace_exit() does it, and the instructions behind its call: the newest entry has to be that of this hook
// and of this frame. Where its callers are walked it has made sure of that already, and has the entry at hand.
bool Control::pop(Machine& machine, bool is_checked) {
  if (capture_.return_stacks.empty()) return stop(Truth::End::broken);
  const std::uint64_t returns = capture_.return_stacks[0];
  const auto entries = load(returns + SUREFOOT_RETURN_STACK_OFFSET_ENTRIES, 8);
  const auto depth_and_capacity = load(returns + SUREFOOT_RETURN_STACK_OFFSET_DEPTH, 8);
  if (!entries || !depth_and_capacity) return stop(Truth::End::not_known);
  const std::uint64_t depth = is_checked ? *depth_and_capacity & 0xffffffff : depth_ - popped_;
  if (depth == 0 || depth > *depth_and_capacity >> 32) return stop(Truth::End::broken);
  std::uint64_t entry = *entries + (depth - 1) * SUREFOOT_RETURN_ENTRY_SIZE;
  // One that is empty was being written when an exception came.
  while (entry > *entries && load(entry, 8) == std::optional(std::uint64_t{0})) entry -= SUREFOOT_RETURN_ENTRY_SIZE;
  const auto return_address = load(entry + SUREFOOT_RETURN_ENTRY_OFFSET_RETURN_ADDRESS, 8);
  const auto key = load(entry + SUREFOOT_RETURN_ENTRY_OFFSET_KEY, 8);
  const auto hook = load(entry + SUREFOOT_RETURN_ENTRY_OFFSET_HOOK, 8);
  const auto record_fp = load(machine.x[31] + SUREFOOT_RETURN_FRAME_OFFSET_RECORD, 8);
  if (!return_address || !key || !hook || !record_fp) return stop(Truth::End::broken);
  if (*return_address == 0) return stop(Truth::End::broken);
  if (is_checked && (*key != *record_fp || !code_.is_hook(*hook))) return stop(Truth::End::broken);
  machine.set(0, *return_address);
  machine.set(1, returns);
  ++popped_;
  return true;
}

void Control::learn_role(std::uint64_t address, unsigned number) {
  Role role = reading_;
  if (role == Role::nothing) {
    role = number == 30 ? Role::return_address : number == 29 ? Role::saved_fp : Role::saved_register;
  }
  roles_.emplace(address, role);
}

Role Control::role_of(std::uint64_t address) const {
  if (is_of_return_stack(address)) return Role::return_stack;
  const auto found = roles_.find(address);
  return found == roles_.end() ? Role::nothing : found->second;
}

bool Control::is_of_return_stack(std::uint64_t address) const {
  return memory_.contains(address, 8) && std::ranges::none_of(capture_.stacks, [&](const surefoot::Stack& stack) {
           return stack.range.contains(address);
         });
}

std::uint64_t Control::strip(std::uint64_t address) const {
  return surefoot::PointerAuthMask(capture_.head.pac_bits).strip(address);
}

std::optional<std::uint64_t> Control::load(std::uint64_t address, unsigned bytes) {
  const std::uint64_t at = address & ~std::uint64_t{7};
  if (!memory_.contains(at, 8) || address - at + bytes > 8) return std::nullopt;
  read_.push_back(at);
  std::uint64_t word = Memory::word(at);
  const auto stored = std::ranges::find(stored_, at, [](const auto& entry) { return entry.first; });
  if (stored != stored_.end()) {
    if (!stored->second) return std::nullopt;
    word = *stored->second;
  }
  word >>= (address - at) * 8;
  return bytes == 8 ? word : word & ((std::uint64_t{1} << bytes * 8) - 1);
}

void Control::store(std::uint64_t address, unsigned bytes, std::optional<std::uint64_t> value) {
  const std::uint64_t at = address & ~std::uint64_t{7};
  if (!memory_.contains(at, 8) || address - at + bytes > 8) return;
  if (bytes != 8 && value) {
    const auto before = load(at, 8);
    const unsigned shift = static_cast<unsigned>(address - at) * 8;
    const std::uint64_t mask = ((std::uint64_t{1} << bytes * 8) - 1) << shift;
    value = before ? std::optional((*before & ~mask) | (*value << shift & mask)) : std::nullopt;
  }
  const auto stored = std::ranges::find(stored_, at, [](const auto& entry) { return entry.first; });
  if (stored != stored_.end()) {
    stored->second = value;
  } else {
    stored_.push_back({at, value});
  }
}

}  // namespace corrupt
