// SPDX-License-Identifier: MIT
//
// Where ADR, or of a page ADRP, points [arm-arm C6.2]: the stubs of linkers and the code of compilers say so alike.
#pragma once

#include <cstdint>

namespace surefoot::tools {

/// Requires one of the two instructions.
[[nodiscard]] constexpr std::uint64_t adr_target(std::uint32_t word, std::uint64_t pc) {
  const std::uint64_t field = std::uint64_t{word >> 5 & 0x7ffff} << 2 | (word >> 29 & 3);
  const auto offset = static_cast<std::uint64_t>(static_cast<std::int64_t>(field << 43) >> 43);  // 21 bits, signed
  const bool is_page = word >> 31 != 0;
  return is_page ? (pc & ~std::uint64_t{0xfff}) + (offset << 12) : pc + offset;
}

}  // namespace surefoot::tools
