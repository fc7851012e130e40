// SPDX-License-Identifier: MIT
//
// What one instruction does to what is known.
#pragma once

#include <cstdint>
#include <optional>

#include "code/instruction.hpp"
#include "flow/jump_table.hpp"
#include "flow/state.hpp"

namespace surefoot::tools {

/// Makes the state before the instruction at `pc` the one after it, on the way to the next instruction. After a call
/// that is: the callee has kept what AAPCS64 says that it keeps [aapcs64 §6.1.1], and has returned.
void apply(const Instruction& instruction, std::uint64_t pc, State& state, JumpTables& tables);

/// The same for a call that is not made by one instruction.
void apply_call(std::uint64_t pc, State& state, JumpTables& tables);

/// What a callee does to sp, x29 and x30 that was a part of its caller.
struct CallEffect {
  std::int64_t sp_change = 0;
  Value fp = {.kind = Value::Kind::entry_fp};  ///< x29 in the callee's terms: as it was, CFA + number, callers_slot
  Value lr = {};                               ///< x30: callers_slot, or unknown
  friend bool operator==(const CallEffect&, const CallEffect&) = default;
};

/// The effect, and other values in all registers that such a callee may leave.
void apply_call_effect(const CallEffect& effect, State& state);

/// What is known besides where a conditional branch goes, or does not go (`is_taken`).
void apply_condition(const Instruction& branch, bool is_taken, State& state);

}  // namespace surefoot::tools
