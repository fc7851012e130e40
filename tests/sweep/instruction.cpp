// SPDX-License-Identifier: MIT
#include "sweep/instruction.hpp"

namespace sweep {
namespace {

// The signed field of `bits` bits from bit `low` on, which counts instructions, as bytes.
std::uint64_t offset_in(std::uint32_t word, unsigned low, unsigned bits) noexcept {
  const auto at_the_top = static_cast<std::int32_t>(word << (32 - low - bits));
  const std::int64_t instructions = at_the_top >> (32 - bits);
  return static_cast<std::uint64_t>(instructions) * surefoot::instruction_size;
}

// Rn of a branch to a register.
std::uint64_t register_in(std::uint32_t word, const surefoot::ExceptionFrame& frame) noexcept {
  constexpr std::uint32_t fp_number = 29;
  constexpr std::uint32_t lr_number = 30;
  const std::uint32_t number = word >> 5 & 0x1f;
  if (number < fp_number) return frame.x[number];
  if (number == fp_number) return frame.fp;
  return number == lr_number ? frame.lr : 0;
}

}  // namespace

std::uint64_t target_of_bl(std::uint64_t pc, std::uint32_t word) noexcept { return pc + offset_in(word, 0, 26); }

Instruction decode(std::uint32_t word, const surefoot::ExceptionFrame& frame) noexcept {
  const std::uint64_t pc = frame.pc;
  const auto make = [pc, word](Flow flow, std::uint64_t target) noexcept {
    return Instruction{.pc = pc, .word = word, .flow = flow, .target = target};
  };
  if ((word & 0x1c000000) != 0x14000000) return make(Flow::sequential, 0);  // none of the group
  if (is_bl(word)) return make(Flow::call, target_of_bl(pc, word));
  if ((word & 0xfc000000) == 0x14000000) return make(Flow::jump, pc + offset_in(word, 0, 26));
  if ((word & 0xff000010) == 0x54000000) return make(Flow::conditional, pc + offset_in(word, 5, 19));  // B.cond
  if ((word & 0x7e000000) == 0x34000000) return make(Flow::conditional, pc + offset_in(word, 5, 19));  // CBZ, CBNZ
  if ((word & 0x7e000000) == 0x36000000) return make(Flow::conditional, pc + offset_in(word, 5, 14));  // TBZ, TBNZ
  switch (word & 0xfffffc1f) {
    case 0xd61f0000: return make(Flow::jump, register_in(word, frame));
    case 0xd63f0000: return make(Flow::call, register_in(word, frame));
    case 0xd65f0000: return make(Flow::ret, register_in(word, frame));
    default: break;
  }
  // A BRK comes back behind itself, by its hook; hints, barriers and moves of system registers go on.
  const bool is_system = (word & 0xffc00000) == 0xd5000000;
  const bool is_breakpoint = (word & 0xffe0001f) == 0xd4200000;
  return make(is_system || is_breakpoint ? Flow::sequential : Flow::unknown, 0);
}

}  // namespace sweep
