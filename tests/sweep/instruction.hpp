// SPDX-License-Identifier: MIT
//
// Where control goes after one instruction, read from its word and the registers in front of it [arm-arm C4.1,
// "Branches, Exception Generating and System instructions"].
#pragma once

#include <cstdint>

#include "surefoot/address.hpp"
#include "surefoot/records.hpp"

namespace sweep {

enum class Flow : std::uint8_t {
  sequential,
  conditional,  ///< to the target or on
  jump,         ///< B, BR: within a function, or a tail call
  call,         ///< BL, BLR
  ret,          ///< RET, by any register
  unknown,      ///< a branch that the kernel is not compiled to have, such as RETAA or ERET
};

struct Instruction {
  std::uint64_t pc = 0;
  std::uint32_t word = 0;
  Flow flow = Flow::unknown;
  std::uint64_t target = 0;

  [[nodiscard]] constexpr std::uint64_t next_pc() const noexcept { return pc + surefoot::instruction_size; }
};

/// The instruction that the frame is about to execute.
[[nodiscard]] Instruction decode(std::uint32_t word, const surefoot::ExceptionFrame& frame) noexcept;

/// Where a BL goes.
[[nodiscard]] constexpr bool is_bl(std::uint32_t word) noexcept { return (word & 0xfc000000) == 0x94000000; }
[[nodiscard]] std::uint64_t target_of_bl(std::uint64_t pc, std::uint32_t word) noexcept;

/// The instruction in memory at a pc of the kernel.
[[nodiscard]] inline std::uint32_t word_at(std::uint64_t pc) noexcept {
  // SAFETY: whoever asks has the pc from the CPU or from a symbol of the text, which may be read.
  return *reinterpret_cast<const volatile std::uint32_t*>(pc);
}

}  // namespace sweep
