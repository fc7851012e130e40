// SPDX-License-Identifier: MIT
//
// The few A64 encodings that the audit asks for [arm-arm C4.1]. By bits, so that no word is unknown.
#pragma once

#include <cstdint>
#include <optional>

namespace surefoot::tools {

/// BL.
[[nodiscard]] constexpr bool is_direct_call(std::uint32_t word) { return (word & 0xfc000000) == 0x94000000; }

/// BL, BLR, BLRAA and its kind.
[[nodiscard]] constexpr bool is_call(std::uint32_t word) {
  return is_direct_call(word) || (word & 0xfffffc1f) == 0xd63f0000 || (word & 0xfefff800) == 0xd63f0800;
}

/// B.
[[nodiscard]] constexpr bool is_jump(std::uint32_t word) { return (word & 0xfc000000) == 0x14000000; }

/// BR, BRAA and its kind.
[[nodiscard]] constexpr bool is_indirect_jump(std::uint32_t word) {
  return (word & 0xfffffc1f) == 0xd61f0000 || (word & 0xfefff800) == 0xd61f0800;
}

/// RET, RETAA, RETAB; of any register.
[[nodiscard]] constexpr bool is_return(std::uint32_t word) {
  return (word & 0xfffffc1f) == 0xd65f0000 || (word & 0xfffffbff) == 0xd65f0bff;
}

/// ERET, ERETAA, ERETAB.
[[nodiscard]] constexpr bool is_exception_return(std::uint32_t word) {
  return word == 0xd69f03e0 || (word & 0xfffffbff) == 0xd69f0bff;
}

/// Of MSR VBAR_ELx, Xt: t.
[[nodiscard]] constexpr std::optional<unsigned> vector_base_source(std::uint32_t word) {
  const std::uint32_t base = word & 0xffffffe0;
  if (base == 0xd518c000 || base == 0xd51cc000 || base == 0xd51ec000) return word & 31;
  return std::nullopt;
}

/// What a direct branch leads to: B, BL, B.cond, CBZ, CBNZ, TBZ, TBNZ.
[[nodiscard]] constexpr std::optional<std::uint64_t> branch_target(std::uint64_t pc, std::uint32_t word) {
  // The field's sign bit is moved to the top and back.
  const auto offset = [word](unsigned low, unsigned width) {
    const auto field = static_cast<std::int64_t>(std::uint64_t{word} << (64 - low - width));
    return static_cast<std::uint64_t>((field >> (64 - width)) * 4);
  };
  if (is_jump(word) || is_direct_call(word)) return pc + offset(0, 26);
  if ((word & 0xff000000) == 0x54000000 || (word & 0x7e000000) == 0x34000000) return pc + offset(5, 19);
  if ((word & 0x7e000000) == 0x36000000) return pc + offset(5, 14);
  return std::nullopt;
}

/// What stands where no code is meant to run: UDF (zero as well), NOP, BRK, and landing pads that lead to those.
[[nodiscard]] constexpr bool is_padding(std::uint32_t word) {
  return (word & 0xffff0000) == 0 || word == 0xd503201f || (word & 0xffe0001f) == 0xd4200000;
}

}  // namespace surefoot::tools
