// SPDX-License-Identifier: MIT
//
// What is known about the registers and the stack of a function before one of its instructions, in terms of what the
// function was entered with. CFA is, as in DWARF, the value of sp at the function's entry.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace surefoot::tools {

/// The numbers of general registers in AAPCS64 and in DWARF; 31 is sp, as in the base of a load.
inline constexpr unsigned fp_number = 29;
inline constexpr unsigned lr_number = 30;
inline constexpr unsigned sp_number = 31;

/// What a register or a stack slot holds.
struct Value {
  enum class Kind : std::uint8_t {
    unknown,
    cfa,       ///< CFA + number
    entry_fp,  ///< x29 as it was at the entry: the caller's
    entry_lr,  ///< x30 as it was at the entry: the return address, perhaps signed
    constant,  ///< number
  };
  Kind kind = Kind::unknown;
  bool is_signed = false;  ///< entry_lr with a pointer authentication code
  std::int64_t number = 0;

  static constexpr Value cfa(std::int64_t offset) { return {.kind = Kind::cfa, .number = offset}; }
  static constexpr Value constant(std::int64_t number) { return {.kind = Kind::constant, .number = number}; }
  [[nodiscard]] constexpr bool is(Kind other) const { return kind == other; }
  [[nodiscard]] constexpr bool is_known() const { return kind != Kind::unknown; }
  friend constexpr bool operator==(const Value&, const Value&) = default;
};

/// An 8-byte slot of the function's own frame.
struct Slot {
  std::int64_t offset = 0;  ///< from the CFA
  Value value;
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// All that is known before one instruction.
struct State {
  std::array<Value, 32> x;  ///< x[31] is sp
  std::vector<Slot> slots;  ///< of known value, by rising offset

  /// A function's entry: sp is the CFA, x29 and x30 are the caller's.
  static State at_entry();
  [[nodiscard]] const Value& sp() const { return x[sp_number]; }
  [[nodiscard]] Value slot(std::int64_t offset) const;
  friend bool operator==(const State&, const State&) = default;
};

}  // namespace surefoot::tools
