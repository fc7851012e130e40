// SPDX-License-Identifier: MIT
//
// What is known about the registers and the stack of a function before one of its instructions, in terms of what the
// function was entered with. CFA is, as in DWARF, the value of sp at the function's entry.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "code/registers.hpp"

namespace surefoot::tools {

/// What a register or a stack slot holds.
struct Value {
  enum class Kind : std::uint8_t {
    unknown,
    cfa,           ///< CFA + number
    entry_fp,      ///< x29 as it was at the entry: the caller's
    entry_lr,      ///< x30 as it was at the entry: the return address, perhaps signed
    constant,      ///< number
    cfa_at_most,   ///< CFA + number or less: sp after an allocation of unknown size, or an alignment
    callers_slot,  ///< what the caller's frame holds at CFA + number
    shadow_top,    ///< x18 as it was at the entry + number: the top of a shadow call stack, if there is one
    // What follows serves to follow jump tables.
    opaque,       ///< anything, but the same in all registers with this number; if is_word, its low word and zeros
    bounded,      ///< 0 to number; if is_word, the low word alone
    table_entry,  ///< loaded from the jump table `number` (JumpTables)
    code_target,  ///< the address that an entry of the jump table `number` stands for
    code_word,    ///< the address of an instruction: `number` + 4 times something
    foreign,      ///< loaded from where sp is, on a stack that is not known to be the function's own
  };
  // In 8 bytes: most of the work is on states, and those are made of values.
  Kind kind = Kind::unknown;
  bool is_signed : 1 = false;  ///< entry_lr with a pointer authentication code
  bool is_word : 1 = false;    ///< of 32 bits: see above
  std::int64_t number : 54 = 0;

  static constexpr Value cfa(std::int64_t offset) { return make(Kind::cfa, offset); }
  static constexpr Value constant(std::int64_t number) { return make(Kind::constant, number); }
  static constexpr Value bounded(std::int64_t largest, bool is_word) {
    Value value = make(Kind::bounded, largest);
    value.is_word = is_word && value.is(Kind::bounded);
    return value;
  }
  /// Unknown if the number needs more than 54 bits. Addresses need 53 at most [arm-arm D8.1.6].
  static constexpr Value make(Kind kind, std::int64_t number) {
    constexpr std::int64_t limit = std::int64_t{1} << 53;
    if (number < -limit || number >= limit) return {};
    Value value{.kind = kind};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
    value.number = number;  // fits, as was looked at above
#pragma GCC diagnostic pop
    return value;
  }
  [[nodiscard]] constexpr bool is(Kind other) const { return kind == other; }
  [[nodiscard]] constexpr bool is_stack_address() const { return kind == Kind::cfa || kind == Kind::cfa_at_most; }
  /// A part of the pair that a function has from its caller.
  [[nodiscard]] constexpr bool is_of_caller() const { return kind == Kind::entry_fp || kind == Kind::entry_lr; }
  /// Known to the last bit: what differs from it is something else.
  [[nodiscard]] constexpr bool is_known() const {
    return kind == Kind::cfa || kind == Kind::entry_fp || kind == Kind::entry_lr || kind == Kind::constant;
  }
  /// Known to be something that its place is worth remembering for.
  [[nodiscard]] constexpr bool is_worth_keeping() const {
    return kind == Kind::entry_fp || kind == Kind::entry_lr || kind == Kind::constant || is_stack_address();
  }
  [[nodiscard]] std::uint64_t bits() const { return std::bit_cast<std::uint64_t>(*this); }
  friend bool operator==(const Value& a, const Value& b) { return a.bits() == b.bits(); }
};
static_assert(sizeof(Value) == sizeof(std::uint64_t));

/// An 8-byte slot of the function's own frame.
struct Slot {
  std::int64_t offset = 0;  ///< from the CFA
  Value value;
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// The flags, as the comparison of an opaque value with a constant left them, or of sp with the CFA and a constant.
struct Compared {
  bool is_known = false;
  bool is_word = false;  ///< the low words were compared, or a value that is one
  bool is_sp = false;
  std::int64_t opaque = 0;
  std::int64_t constant = 0;
  friend bool operator==(const Compared&, const Compared&) = default;
};

/// All that is known before one instruction.
struct State {
  std::array<Value, 32> x;  ///< x[31] is sp
  std::vector<Slot> slots;  ///< of known value, by rising offset; none that is certain to be below sp
  Slot shadow_slot;         ///< what the function has pushed on the shadow call stack, from its top at the entry
  Compared compared;

  /// A function's entry: sp is the CFA, x29 and x30 are the caller's.
  static State at_entry();
  [[nodiscard]] const Value& sp() const { return x[sp_number]; }
  [[nodiscard]] Value slot(std::int64_t offset) const;
  /// sp and x29 are as a function finds them when it is called. What has become of lr is left aside: code that jumps
  /// with another one has been called last by what lr names.
  [[nodiscard]] bool has_no_frame() const;
  /// lr as well, signed or not.
  [[nodiscard]] bool is_as_called() const;
  /// x29 points at {the caller's fp, the return address}, the latter signed or not [aapcs64 §6.4.6].
  [[nodiscard]] bool has_record() const;
  /// The return address is in some slot.
  [[nodiscard]] bool has_saved_lr() const;
  /// Below which a slot may be overwritten at any time; empty if sp is not known at all.
  [[nodiscard]] std::optional<std::int64_t> lowest_safe_slot() const;

  /// Does not remember it if it may be below sp, or if very many are known already.
  void set_slot(std::int64_t offset, const Value& value);
  /// Forgets what is in the bytes [from, to).
  void forget_slots(std::int64_t from, std::int64_t to);
  /// Sets sp, and forgets what is then below it.
  void set_sp(const Value& value);
  /// Keeps what is the same in both. True if this changed anything.
  bool join(const State& other);
  /// Forgets what serves to follow jumps alone.
  void forget_names();
  friend bool operator==(const State&, const State&) = default;
};

/// The states before the instructions of a function. Neighbours are often in the same state, which is stored once then.
class StateList {
 public:
  explicit StateList(std::size_t count = 0) : states_(count, none) {}
  [[nodiscard]] std::size_t size() const { return states_.size(); }
  /// Null if it is not known. Until the next one is set.
  [[nodiscard]] const State* operator[](std::size_t index) const {
    return states_[index] == none ? nullptr : &distinct_[states_[index]];
  }
  /// Of what is known only what matters to who reads the list: without the names.
  void set(std::size_t index, State state);
  void copy(std::size_t from, std::size_t to) { states_[to] = states_[from]; }
  /// Nothing is known of any instruction.
  void clear();

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  std::vector<std::uint32_t> states_;  // indices of distinct_
  std::vector<State> distinct_;
};

}  // namespace surefoot::tools
