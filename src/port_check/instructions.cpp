// SPDX-License-Identifier: MIT
//
// What instructions do to sp, by their encoding. Register 31 is sp where the encoding says so.
#include "instructions.hpp"

namespace surefoot::detail {
namespace {

constexpr unsigned sp_number = 31;

constexpr bool is_like(std::uint32_t instruction, std::uint32_t mask, std::uint32_t value) noexcept {
  return (instruction & mask) == value;
}
constexpr bool writes_sp(std::uint32_t instruction) noexcept { return (instruction & 0x1f) == sp_number; }
constexpr bool is_by_sp(std::uint32_t instruction) noexcept { return (instruction >> 5 & 0x1f) == sp_number; }

// The signed number of `width` bits that begins at bit `low`.
constexpr std::int64_t field(std::uint32_t instruction, unsigned low, unsigned width) noexcept {
  return static_cast<std::int32_t>(instruction << (32 - low - width)) >> (32 - width);
}

// Bytes of one register of a pair.
constexpr std::int64_t pair_scale(std::uint32_t instruction) noexcept {
  const std::uint32_t size = instruction >> 30;
  const bool is_simd = (instruction & 0x0400'0000) != 0;
  if (is_simd) return std::int64_t{4} << size;
  if (size == 1) return (instruction & 0x0040'0000) != 0 ? 4 : 16;  // LDPSW, STGP
  return size == 0 ? 4 : 8;
}

// Of forms that are rare: true if sp becomes what cannot be told from the encoding alone.
constexpr bool sets_sp_otherwise(std::uint32_t instruction) noexcept {
  const bool is_by_result =
      is_like(instruction, 0x3fe0'0000, 0x0b20'0000) ||  // ADD, SUB of an extended register, without flags
      is_like(instruction, 0x1f80'0000, 0x1180'0000) ||  // ADDG, SUBG, and what else is among them
      (is_like(instruction, 0x1f80'0000, 0x1200'0000) && instruction >> 29 != 3 && instruction >> 29 != 7) ||  // logic
      is_like(instruction, 0xffe0'fc00, 0x9ac0'1000) ||                                                        // IRG
      is_like(instruction, 0xbfe0'e000, 0x9a00'2000) ||                      // ADDPT, SUBPT
      is_like(instruction, 0xff20'f000, 0x0420'5000);                        // ADDVL, ADDPL and their streaming forms
  const bool is_by_base = is_like(instruction, 0xff20'0c00, 0xf820'0c00) ||  // LDRAA, LDRAB
                          is_like(instruction, 0xbe80'0000, 0x0c80'0000) ||  // structures of SIMD
                          is_like(instruction, 0x3f00'0000, 0x1900'0000);    // tags, and ordered accesses
  return (is_by_result && writes_sp(instruction)) || (is_by_base && is_by_sp(instruction));
}

}  // namespace

SpChange find_sp_change(std::uint32_t instruction) noexcept {
  using enum SpChange::Kind;
  // Branches, exceptions and system instructions, hints apart; and what is not allocated.
  const bool is_hint = is_like(instruction, 0xffff'f01f, 0xd503'201f);
  if (is_like(instruction, 0x1c00'0000, 0x1400'0000) && !is_hint) return {.kind = no_fact};
  if (is_like(instruction, 0x1e00'0000, 0)) return {.kind = no_fact};

  // ADD, SUB of an immediate, without flags.
  if (is_like(instruction, 0x3f80'0000, 0x1100'0000) && writes_sp(instruction)) {
    if (!is_by_sp(instruction) || instruction >> 31 == 0) return {.kind = unknown};
    const std::int64_t number = instruction >> 10 & 0xfff;
    const std::int64_t amount = (instruction & 0x0040'0000) != 0 ? number << 12 : number;
    return {.by = (instruction & 0x4000'0000) != 0 ? -amount : amount};
  }
  // Pairs, and single registers, that are pushed or popped.
  if (is_like(instruction, 0x3a80'0000, 0x2880'0000) && is_by_sp(instruction)) {
    return {.by = field(instruction, 15, 7) * pair_scale(instruction)};
  }
  if (is_like(instruction, 0x3b20'0400, 0x3800'0400) && is_by_sp(instruction)) {
    return {.by = field(instruction, 12, 9)};
  }
  return {.kind = sets_sp_otherwise(instruction) ? unknown : by_constant};
}

}  // namespace surefoot::detail
