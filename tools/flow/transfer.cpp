// SPDX-License-Identifier: MIT
#include "flow/transfer.hpp"

#include <bit>
#include <limits>

namespace surefoot::tools {
namespace {

using Kind = Value::Kind;
using Operation = Instruction::Operation;

// What DC ZVA may write at most [arm-arm D24.2, DCZID_EL0].
constexpr std::int64_t largest_block = 2048;
// SVC, HVC and SMC: what a kernel, a hypervisor or firmware may change [smccc §2.6].
constexpr RegisterSet service_clobbered = 0x3ffff;

// A value that the instruction at `pc` puts into a register, and of which nothing else is known.
Value opaque(std::uint64_t pc, unsigned reg) {
  return Value::make(Kind::opaque, static_cast<std::int64_t>((pc + 1) * 32 + reg));
}

// True for an opaque value that the instruction at `pc` has put into one of the registers, whole or as a word.
bool is_made_at(std::uint64_t pc, RegisterSet registers, const Value& value) {
  constexpr Value any_register{.is_word = true, .number = 31};
  const std::uint64_t differing = value.bits() ^ opaque(pc, 0).bits();
  return (differing & ~any_register.bits()) == 0 && (registers >> (value.number & 31) & 1) != 0;
}

// What wraps here is garbage there as well.
Value moved(const Value& value, std::int64_t by) {
  const std::uint64_t sum = static_cast<std::uint64_t>(std::int64_t{value.number}) + static_cast<std::uint64_t>(by);
  return Value::make(value.kind, static_cast<std::int64_t>(sum));
}

class Transfer {
 public:
  Transfer(const Instruction& instruction, std::uint64_t pc, State& state, JumpTables& tables)
      : instruction_(instruction), pc_(pc), state_(state), tables_(tables) {}

  void run() {
    if (instruction_.sets_flags) state_.compared = {};
    if (instruction_.flow.is_call()) return call();
    switch (instruction_.operation) {
      case Operation::other: return forget();
      case Operation::unknown: state_ = {}; return;
      case Operation::set: return set(Value::constant(instruction_.number));
      case Operation::insert: return insert();
      case Operation::add: return set(add(source(), instruction_.number));
      case Operation::add_register: return set(add_register());
      case Operation::subtract_register: return set(subtract_register());
      case Operation::mask: return set(mask());
      case Operation::load: return load();
      case Operation::store: return store();
      case Operation::compare: return compare();
      case Operation::compare_register: return compare_register();
      case Operation::sign: return set_signed(true);
      case Operation::authenticate: return set_signed(false);
      case Operation::strip: return set_signed(false);
    }
  }

 private:
  [[nodiscard]] Value source() const { return state_.x[instruction_.source]; }
  [[nodiscard]] Value second() const {
    return instruction_.second == sp_number ? Value::constant(0) : state_.x[instruction_.second];
  }

  // Registers change to something of which nothing is known. If others still hold what this instruction put there
  // earlier, the two must not be taken for the same.
  void forget_all(RegisterSet registers, bool is_word = false) {
    for (Value& other : state_.x) {
      if (is_made_at(pc_, registers, other)) other = {};
    }
    const Value compared = Value::make(Kind::opaque, state_.compared.opaque);
    if (!state_.compared.is_sp && is_made_at(pc_, registers, compared)) state_.compared = {};
    for (RegisterSet rest = registers; rest != 0; rest &= rest - 1) {
      const auto reg = static_cast<unsigned>(std::countr_zero(rest));
      if (reg == sp_number) return state_.set_sp({});
      state_.x[reg] = opaque(pc_, reg);
      state_.x[reg].is_word = is_word;
    }
  }

  void forget(unsigned reg, bool is_word = false) { forget_all(RegisterSet{1} << reg, is_word); }

  void forget() {
    forget_memory(memory_written(instruction_.word));
    forget_all(instruction_.written, instruction_.is_32_bit);
    const bool is_service = (instruction_.word & 0xffe0001cU) == 0xd4000000U && (instruction_.word & 3U) != 0;
    if (is_service) forget_all(service_clobbered);
  }

  // A store at a place that is not known stays in the object that it is meant for, as it does with an index.
  void forget_memory(const MemoryWrite& write) {
    const Value& base = state_.x[write.base];
    if (write.base == sp_number && write.extent == MemoryWrite::Extent::counted) return;  // XZR
    if (!base.is_stack_address() && write.extent != MemoryWrite::Extent::none) forget_shared();
    if (!base.is(Kind::cfa)) return;
    switch (write.extent) {
      case MemoryWrite::Extent::none:
      case MemoryWrite::Extent::at_unknown_distance: return;
      case MemoryWrite::Extent::here: {
        const std::int64_t at = base.number + write.offset;
        return state_.forget_slots(at, at + write.size);
      }
      case MemoryWrite::Extent::counted: {
        const Value& count = state_.x[write.count];
        if (!count.is(Kind::constant) || count.number < 0) return;
        std::int64_t end = 0;
        if (__builtin_add_overflow(base.number, count.number, &end)) return state_.slots.clear();
        return state_.forget_slots(base.number, end);
      }
      case MemoryWrite::Extent::block:
        return state_.forget_slots(base.number - largest_block, base.number + largest_block);
    }
  }

  void call() {
    // Where x18 is the shadow call stack's, each function leaves it as it was.
    const bool has_shadow = !state_.shadow_slot.value.is(Kind::unknown);
    forget_all(has_shadow ? call_clobbered & ~(RegisterSet{1} << platform_number) : call_clobbered);
    state_.compared = {};
    forget_shared();
  }

  // Others may have got the address of a variable that holds one, such as the head of a list that points to itself, and
  // have changed it.
  void forget_shared() {
    std::erase_if(state_.slots, [](const Slot& slot) { return slot.value.is_stack_address(); });
  }

  void set(Value value) {
    const unsigned destination = instruction_.destination;
    if (instruction_.is_32_bit) value = low_word(value);
    if (destination == sp_number) {
      // ... of the zero register, in those operations that know none of sp
      if ((instruction_.written >> sp_number & 1) != 0) state_.set_sp(value);
      return;
    }
    if (value.is(Kind::unknown)) return forget(destination, instruction_.is_32_bit);
    state_.x[destination] = value;
  }

  static Value low_word(const Value& value) {
    switch (value.kind) {
      case Kind::constant: return Value::constant(value.number & 0xffffffff);
      case Kind::opaque: return {.kind = Kind::opaque, .is_word = true, .number = value.number};
      case Kind::bounded: return {.kind = Kind::bounded, .number = value.number};
      default: return {};
    }
  }

  static Value add(Value value, std::int64_t number) {
    if (number == 0) return value;
    if (!value.is_stack_address() && !value.is(Kind::constant) && !value.is(Kind::shadow_top)) return {};
    return moved(value, number);
  }

  void insert() {
    const Value old = state_.x[instruction_.destination];
    if (!old.is(Kind::constant)) return set({});
    const std::uint64_t hole = ~(std::uint64_t{0xffff} << instruction_.shift);
    const std::uint64_t number = static_cast<std::uint64_t>(instruction_.number) << instruction_.shift;
    set(Value::constant(static_cast<std::int64_t>((static_cast<std::uint64_t>(old.number) & hole) | number)));
  }

  [[nodiscard]] std::optional<std::int64_t> constant_second() const {
    const Value value = second();
    if (!value.is(Kind::constant) || instruction_.extension.bytes != 8) return {};
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(value.number) << instruction_.extension.shift);
  }

  Value add_register() {
    const bool is_whole = instruction_.extension.bytes == 8 && instruction_.extension.shift == 0;
    if (source().is(Kind::constant) && second().is(Kind::table_entry)) {
      return code_target(second(), source(), instruction_.extension);
    }
    if (is_whole && source().is(Kind::table_entry) && second().is(Kind::constant)) {
      return code_target(source(), second(), instruction_.extension);
    }
    if (const auto number = constant_second()) return add(source(), *number);
    if (source().is(Kind::constant) && is_whole && second().is(Kind::cfa)) return add(second(), source().number);
    const bool is_of_words = instruction_.extension.bytes >= 4 && instruction_.extension.shift == 2;
    if (source().is(Kind::constant) && is_of_words) return Value::make(Kind::code_word, source().number);
    return {};
  }

  // An entry of a table, extended and scaled, added to an anchor.
  Value code_target(const Value& entry, const Value& anchor, const Extension& extension) {
    JumpTable table = tables_[entry.number];
    if (extension.bytes < table.entry_bytes) return {};
    if (extension.bytes == table.entry_bytes) table.is_signed = extension.is_signed;
    table.anchor = static_cast<std::uint64_t>(anchor.number);
    table.shift = extension.shift;
    return Value::make(Kind::code_target, tables_.number_of(table));
  }

  Value subtract_register() {
    if (const auto number = constant_second()) {
      // Not by negation, which the least number does not have.
      return add(source(), static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(*number)));
    }
    // An allocation on the stack, of a size that is not known here but is not negative.
    const Value from = source();
    if (from.is_stack_address()) return {.kind = Kind::cfa_at_most, .number = from.number};
    return {};
  }

  Value mask() {
    const Value from = source();
    if (from.is(Kind::constant)) return Value::constant(from.number & instruction_.number);
    // An alignment of the stack.
    if (from.is_stack_address() && instruction_.number < 0 && !instruction_.is_32_bit) {
      return {.kind = Kind::cfa_at_most, .number = from.number};
    }
    const std::int64_t largest = instruction_.is_32_bit ? instruction_.number & 0xffffffff : instruction_.number;
    // Not what a conversion to a narrow type does: no table has as many entries as that has values.
    if (largest >= 0 && largest < 0xff) return Value::bounded(largest, false);
    return {};
  }

  // The place of an access in the function's own frame, if it is known.
  [[nodiscard]] std::optional<std::int64_t> frame_offset() const {
    const MemoryOperand& memory = instruction_.memory;
    const Value& base = state_.x[memory.base];
    if (!base.is(Kind::cfa)) return {};
    if (!memory.has_index) return base.number + memory.offset;
    const Value index = memory.index == sp_number ? Value::constant(0) : state_.x[memory.index];
    if (!index.is(Kind::constant) || memory.extension.bytes != 8) return {};
    return base.number + static_cast<std::int64_t>(static_cast<std::uint64_t>(index.number) << memory.extension.shift);
  }

  // The place of an access to the shadow call stack, by x18 [scs].
  [[nodiscard]] std::optional<std::int64_t> shadow_offset() const {
    const MemoryOperand& memory = instruction_.memory;
    const Value& base = state_.x[memory.base];
    const bool is_whole = instruction_.register_count == 1 && instruction_.access_bytes == 8;
    if (!base.is(Kind::shadow_top) || memory.has_index || !is_whole) return {};
    return base.number + memory.offset;
  }

  void write_back() {
    const MemoryOperand& memory = instruction_.memory;
    if (memory.writeback == 0) return;
    const Value moved = add(state_.x[memory.base], memory.writeback);
    if (memory.base == sp_number) return state_.set_sp(moved);
    if (moved.is(Kind::unknown)) return forget(memory.base);
    state_.x[memory.base] = moved;
  }

  void load() {
    const std::optional<std::int64_t> offset = frame_offset();
    Value otherwise = table_entry();
    const bool is_foreign = instruction_.memory.base == sp_number && !state_.sp().is_stack_address();
    if (is_foreign && instruction_.access_bytes == 8) otherwise = Value{.kind = Kind::foreign};
    Value loaded[2];
    for (unsigned i = 0; i < instruction_.register_count && offset && instruction_.access_bytes == 8; ++i) {
      const std::int64_t at = *offset + 8 * static_cast<std::int64_t>(i);
      loaded[i] = state_.slot(at);
      // Only a part of the caller gives these back from the caller's frame.
      const bool is_of_pair = instruction_.registers[i] == fp_number || instruction_.registers[i] == lr_number;
      if (is_of_pair && at >= 0 && loaded[i].is(Kind::unknown)) loaded[i] = Value::make(Kind::callers_slot, at);
    }
    if (shadow_offset() == state_.shadow_slot.offset) loaded[0] = state_.shadow_slot.value;
    write_back();  // which forgets what it leaves below sp
    for (unsigned i = 0; i < instruction_.register_count; ++i) {
      const std::uint8_t reg = instruction_.registers[i];
      if (reg == Instruction::not_general || reg == sp_number) continue;
      forget(reg, instruction_.is_32_bit);
      if (!otherwise.is(Kind::unknown)) state_.x[reg] = otherwise;
      if (!loaded[i].is(Kind::unknown)) state_.x[reg] = loaded[i];
    }
  }

  // table + index * size, where the table is a constant.
  Value table_entry() {
    const MemoryOperand& memory = instruction_.memory;
    const Value& base = state_.x[memory.base];
    if (!memory.has_index || memory.index == sp_number || !base.is(Kind::constant)) return {};
    if (instruction_.register_count != 1 || (1U << memory.extension.shift) != instruction_.access_bytes) return {};
    const Value& index = state_.x[memory.index];
    const bool is_bounded = index.is(Kind::bounded) && (!index.is_word || memory.extension.bytes == 4);
    const JumpTable table{.address = static_cast<std::uint64_t>(base.number),
                          .entry_bytes = instruction_.access_bytes,
                          .is_signed = instruction_.is_sign_extended,
                          .last_index = is_bounded ? index.number : -1,
                          .anchor = 0,
                          .shift = 0};
    const Kind kind = instruction_.access_bytes == 8 ? Kind::code_target : Kind::table_entry;
    return Value::make(kind, tables_.number_of(table));
  }

  void store() {
    if (!state_.x[instruction_.memory.base].is_stack_address()) forget_shared();
    if (const std::optional<std::int64_t> offset = frame_offset()) {
      const std::int64_t size = instruction_.access_bytes;
      state_.forget_slots(*offset, *offset + size * instruction_.register_count);
      for (unsigned i = 0; i < instruction_.register_count && size == 8; ++i) {
        const std::uint8_t reg = instruction_.registers[i];
        if (reg == Instruction::not_general || reg == sp_number) continue;
        const Value& value = state_.x[reg];
        if (value.is_worth_keeping()) state_.set_slot(*offset + size * static_cast<std::int64_t>(i), value);
      }
    }
    if (const std::optional<std::int64_t> offset = shadow_offset()) {
      const Value& value = state_.x[instruction_.registers[0]];
      const bool is_pushed = instruction_.registers[0] == lr_number && value.is(Kind::entry_lr);
      if (is_pushed) state_.shadow_slot = {*offset, value};
    }
    write_back();
    state_.set_sp(state_.sp());  // forgets what was stored below it
  }

  // Gives what is compared a name, so that the condition can speak of it.
  void compare() {
    state_.compared = {};
    if (instruction_.source == sp_number) return;
    Value& value = state_.x[instruction_.source];
    if (value.is(Kind::unknown)) forget(instruction_.source);
    if (!value.is(Kind::opaque)) return;
    state_.compared = {.is_known = true,
                       .is_word = instruction_.is_32_bit || value.is_word,
                       .opaque = value.number,
                       .constant = instruction_.number};
  }

  // A loop that moves sp ends where it is equal to what it was to be.
  void compare_register() {
    state_.compared = {};
    const Value value = second();
    if (instruction_.source != sp_number || !value.is(Kind::cfa)) return;
    state_.compared = {.is_known = true, .is_sp = true, .constant = value.number};
  }

  void set_signed(bool is_signed) {
    Value& value = state_.x[instruction_.destination];
    const bool is_strip = instruction_.operation == Operation::strip;
    if (instruction_.destination != sp_number && value.is(Kind::entry_lr) &&
        (is_strip || value.is_signed != is_signed)) {
      value.is_signed = is_signed;
      return;
    }
    forget();
  }

  const Instruction& instruction_;
  std::uint64_t pc_;
  State& state_;
  JumpTables& tables_;
};

}  // namespace

void apply(const Instruction& instruction, std::uint64_t pc, State& state, JumpTables& tables) {
  Transfer(instruction, pc, state, tables).run();
}

void apply_call(std::uint64_t pc, State& state, JumpTables& tables) {
  Instruction call;
  call.flow.kind = Flow::Kind::call;
  apply(call, pc, state, tables);
}

void apply_call_effect(const CallEffect& effect, State& state) {
  constexpr unsigned first_kept = 19;
  for (unsigned reg = first_kept; reg < fp_number; ++reg) state.x[reg] = {};
  const Value sp = state.sp();
  const auto to_caller = [&](const Value& value) {
    if (!sp.is(Kind::cfa)) return Value{};
    return value.is(Kind::callers_slot) ? state.slot(sp.number + value.number) : moved(sp, value.number);
  };
  if (!effect.fp.is(Kind::entry_fp)) state.x[fp_number] = to_caller(effect.fp);
  if (effect.lr.is(Kind::callers_slot)) state.x[lr_number] = to_caller(effect.lr);
  if (!sp.is_stack_address()) return;
  const Value after = moved(sp, effect.sp_change);
  const bool is_above_cfa = after.is(Kind::cfa_at_most) && after.number > 0;
  state.set_sp(is_above_cfa ? Value{} : after);
}

void apply_condition(const Instruction& branch, bool is_taken, State& state) {
  if (!state.compared.is_known || (branch.word & 0xff000010U) != 0x54000000U) return;
  if (state.compared.is_sp) {
    const bool is_equal = (branch.word & 0xf) == (is_taken ? 0U : 1U);  // EQ, NE
    if (is_equal) state.set_sp(Value::cfa(state.compared.constant));
    return;
  }
  std::int64_t largest = state.compared.constant;
  switch (branch.word & 0xf) {
    case 2:  // HS
      if (is_taken) return;
      --largest;
      break;
    case 3:  // LO
      if (!is_taken) return;
      --largest;
      break;
    case 8:  // HI
      if (is_taken) return;
      break;
    case 9:  // LS
      if (!is_taken) return;
      break;
    default: return;
  }
  if (largest < 0) return;
  for (Value& value : state.x) {
    if (!value.is(Kind::opaque) || value.number != state.compared.opaque) continue;
    value = Value::bounded(largest, state.compared.is_word && !value.is_word);
  }
}

}  // namespace surefoot::tools
