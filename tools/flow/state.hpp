// SPDX-License-Identifier: MIT
//
// What is known about the registers and the stack of a function before one of its instructions, in terms of what the
// function was entered with. CFA is, as in DWARF, the value of sp at the function's entry.
#pragma once

#include <array>
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
    cfa,          ///< CFA + number
    entry_fp,     ///< x29 as it was at the entry: the caller's
    entry_lr,     ///< x30 as it was at the entry: the return address, perhaps signed
    constant,     ///< number
    cfa_at_most,  ///< CFA + number or less: sp after an allocation of unknown size, or an alignment
    shadow_top,   ///< x18 as it was at the entry + number: the top of a shadow call stack, if there is one
    // What follows serves to follow jump tables.
    opaque,       ///< anything, but the same in all registers with this number; if is_word, its low word and zeros
    bounded,      ///< 0 to number; if is_word, the low word alone
    table_entry,  ///< loaded from the jump table `number` (JumpTables)
    code_target,  ///< the address that an entry of the jump table `number` stands for
  };
  Kind kind = Kind::unknown;
  bool is_signed = false;  ///< entry_lr with a pointer authentication code
  bool is_word = false;    ///< of 32 bits: see above
  std::int64_t number = 0;

  static constexpr Value cfa(std::int64_t offset) { return {.kind = Kind::cfa, .number = offset}; }
  static constexpr Value constant(std::int64_t number) { return {.kind = Kind::constant, .number = number}; }
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
  friend constexpr bool operator==(const Value&, const Value&) = default;
};

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
  friend bool operator==(const State&, const State&) = default;
};

}  // namespace surefoot::tools
