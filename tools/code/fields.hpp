// SPDX-License-Identifier: MIT
//
// Fields of an A64 instruction.
#pragma once

#include <cstdint>

namespace surefoot::tools {

[[nodiscard]] constexpr std::uint32_t bits(std::uint32_t word, unsigned high, unsigned low) {
  return word >> low & ((std::uint32_t{2} << (high - low)) - 1);
}

[[nodiscard]] constexpr std::int32_t signed_bits(std::uint32_t word, unsigned high, unsigned low) {
  return static_cast<std::int32_t>(word << (31 - high)) >> (31 - high + low);
}

[[nodiscard]] constexpr bool bit(std::uint32_t word, unsigned at) { return (word >> at & 1) != 0; }

[[nodiscard]] constexpr bool matches(std::uint32_t word, std::uint32_t mask, std::uint32_t value) {
  return (word & mask) == value;
}

[[nodiscard]] constexpr unsigned rd(std::uint32_t word) { return bits(word, 4, 0); }
[[nodiscard]] constexpr unsigned rn(std::uint32_t word) { return bits(word, 9, 5); }
[[nodiscard]] constexpr unsigned rs(std::uint32_t word) { return bits(word, 20, 16); }
[[nodiscard]] constexpr unsigned rt2(std::uint32_t word) { return bits(word, 14, 10); }

/// Of LDR, STR and their kind, with any address but that of an atomic: true if it loads. PRFM does neither.
[[nodiscard]] constexpr bool is_single_load(std::uint32_t word) {
  if (bit(word, 26)) return bit(word, 22);
  return bits(word, 23, 22) != 0;
}

}  // namespace surefoot::tools
