// SPDX-License-Identifier: MIT
//
// A few words that the audit asks for, beside what the headers of code/ tell of all [arm-arm C4.1].
#pragma once

#include <cstdint>
#include <optional>

namespace surefoot::tools {

/// Of MSR VBAR_ELx, Xt: t.
[[nodiscard]] constexpr std::optional<unsigned> vector_base_source(std::uint32_t word) {
  const std::uint32_t base = word & 0xffffffe0;
  if (base == 0xd518c000 || base == 0xd51cc000 || base == 0xd51ec000) return word & 31;
  return std::nullopt;
}

/// What fills space that is not meant to run: UDF, which zero is too, NOP, BRK.
[[nodiscard]] constexpr bool is_padding(std::uint32_t word) {
  return (word & 0xffff0000) == 0 || word == 0xd503201f || (word & 0xffe0001f) == 0xd4200000;
}

}  // namespace surefoot::tools
