// SPDX-License-Identifier: MIT
//
// Where control goes after an A64 instruction, by its encoding alone.
#pragma once

#include <cstdint>

namespace surefoot::tools {

/// Where control goes after an instruction.
struct Flow {
  enum class Kind : std::uint8_t {
    next,              ///< to the next instruction
    jump,              ///< to the target
    branch,            ///< to the target or to the next instruction
    call,              ///< BL: to the target, and back to the next instruction
    indirect_call,     ///< BLR and its kind
    indirect_jump,     ///< BR and its kind, to target_register
    function_return,   ///< RET and its kind, by target_register
    exception_return,  ///< ERET and its kind
    stop,              ///< UDF
  };
  Kind kind = Kind::next;
  bool is_trap = false;   ///< HLT, and BRK of compilers for what must not be reached: an end, should nobody come back
  bool may_stop = false;  ///< the same, and BRK of which only who wrote it knows whether it is gone on from
  bool has_ways = false;  ///< somebody says of other ways that it may go, or of other code that may stand there
  std::uint8_t target_register = 0;
  std::uint64_t target = 0;

  /// To the target, always or on a condition.
  [[nodiscard]] bool is_direct_jump() const { return kind == Kind::jump || kind == Kind::branch; }
  [[nodiscard]] bool is_call() const { return kind == Kind::call || kind == Kind::indirect_call; }
  [[nodiscard]] bool goes_on() const {
    return kind == Kind::next || kind == Kind::branch || kind == Kind::call || kind == Kind::indirect_call;
  }
};

[[nodiscard]] Flow flow_of(std::uint32_t word, std::uint64_t pc);

/// True for a call at `pc` of the instruction behind it, in a function that ends at `end`: it calls nobody. Linkers
/// leave it where a weak symbol is not defined.
[[nodiscard]] constexpr bool calls_nobody(const Flow& flow, std::uint64_t pc, std::uint64_t end) {
  return flow.kind == Flow::Kind::call && flow.target == pc + 4 && flow.target < end;
}

[[nodiscard]] constexpr bool is_brk(std::uint32_t word) { return (word & 0xffe0001f) == 0xd4200000; }

/// True for NOP, the filling between functions and before loops.
[[nodiscard]] constexpr bool is_nop(std::uint32_t word) { return word == 0xd503201f; }

/// True for DSB, DMB, ISB and SB. Behind a way out they keep a CPU from speculating past it, and nothing runs them
/// (-mharden-sls).
[[nodiscard]] constexpr bool is_barrier(std::uint32_t word) { return (word & 0xfffff09f) == 0xd503309f; }

}  // namespace surefoot::tools
