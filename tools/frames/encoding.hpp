// SPDX-License-Identifier: MIT
//
// What the encoding of an A64 instruction says by itself: where control goes, and which registers change. By encoding
// group [arm-arm C4.1], so that it holds for instructions that no disassembler at hand knows.
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

/// A set of general registers: bit n is xn, bit 31 is sp.
using RegisterSet = std::uint32_t;

/// x0 to x18 and lr: not kept by a callee [aapcs64 §6.1.1].
inline constexpr RegisterSet call_clobbered = 0x4007ffff;

/// The general registers that the instruction may change, in whole or in part. Exact for what is allocated up to
/// Armv9.5. Calls change x30, and their callees the rest.
[[nodiscard]] RegisterSet registers_written(std::uint32_t word);

/// What an instruction may write in memory.
struct MemoryWrite {
  enum class Extent : std::uint8_t {
    none,
    here,    ///< `size` bytes at `offset` from the address in the base register
    around,  ///< at an offset that is not told here
    any,     ///< any number of bytes, on either side of the address in the base register
  };
  Extent extent = Extent::none;
  std::uint8_t base = 0;  ///< the register that holds the address; 31 is sp
  std::int16_t offset = 0;
  std::uint8_t size = 0;
};

/// Never less than the truth. Exact for exclusives, ordered stores, atomics, structures of vectors and tags; what a
/// load of them writes is nothing.
[[nodiscard]] MemoryWrite memory_written(std::uint32_t word);

/// True for NOP, the filling between functions and before loops.
[[nodiscard]] constexpr bool is_nop(std::uint32_t word) { return word == 0xd503201f; }

}  // namespace surefoot::tools
