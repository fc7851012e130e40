// SPDX-License-Identifier: MIT
//
// The facts of A64 instructions that tables are compared with: calls, NOPs, signing, and what happens to sp
// [arm-arm C4.1].
#pragma once

#include <cstdint>

#include "surefoot/address.hpp"

namespace surefoot::detail {

/// The instruction at `code_at`, which is inside the text of a region, and a multiple of 4.
[[nodiscard]] inline std::uint32_t read_code(std::uint64_t code_at) noexcept {
  // SAFETY: the text of a region is mapped, and readable unless PortFacts::is_code_execute_only, for which the callers
  // have looked. Atomic: a tracing runtime may exchange the word meanwhile.
  return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(code_at), __ATOMIC_RELAXED);
}

inline constexpr std::uint32_t nop = 0xd503'201f;
inline constexpr std::uint32_t bti_c = 0xd503'245f;
inline constexpr std::uint32_t mov_x9_x30 = 0xaa1e'03e9;

[[nodiscard]] constexpr bool is_bl(std::uint32_t instruction) noexcept {
  return (instruction & 0xfc00'0000) == 0x9400'0000;
}
/// BL, BLR, or one of the forms of BLR that authenticate.
[[nodiscard]] constexpr bool is_call(std::uint32_t instruction) noexcept {
  return is_bl(instruction) || (instruction & 0xfeff'0000) == 0xd63f'0000;
}
[[nodiscard]] constexpr bool is_b(std::uint32_t instruction) noexcept {
  return (instruction & 0xfc00'0000) == 0x1400'0000;
}
/// Where a B or a BL leads.
[[nodiscard]] constexpr std::uint64_t target_of(std::uint32_t branch, std::uint64_t at) noexcept {
  return offset_by(at, (static_cast<std::int32_t>(branch << 6) >> 6) * std::int32_t{instruction_size});
}

/// PACIASP, PACIBSP, PACIAZ, PACIBZ; and PACIA and PACIB of x30 by sp.
[[nodiscard]] constexpr bool signs_return_address(std::uint32_t instruction) noexcept {
  return (instruction & 0xffff'ff9f) == 0xd503'231f || (instruction & 0xffff'fbff) == 0xdac1'03fe;
}

/// What an instruction does to sp.
struct SpChange {
  enum class Kind : std::uint8_t {
    by_constant,  ///< sp is `by` higher behind it; 0 if it leaves sp alone
    unknown,      ///< sp becomes something else
    no_fact,      ///< what follows need not be executed behind it
  };
  Kind kind = Kind::by_constant;
  std::int64_t by = 0;
};

[[nodiscard]] SpChange find_sp_change(std::uint32_t instruction) noexcept;

/// How far above sp the instruction points x29, as ADD X29, SP, #n and MOV X29, SP do; -1 if it is neither.
[[nodiscard]] constexpr std::int64_t fp_above_sp(std::uint32_t instruction) noexcept {
  if ((instruction & 0xff80'03ff) != 0x9100'03fd) return -1;
  const std::int64_t amount = instruction >> 10 & 0xfff;
  return (instruction >> 22 & 1) != 0 ? amount << 12 : amount;
}

}  // namespace surefoot::detail
