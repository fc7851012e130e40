// SPDX-License-Identifier: MIT
//
// The few A64 instructions that the runtime writes and recognises [arm-arm C6.2].
#pragma once

#include <cstdint>
#include <expected>

#include "surefoot/ftrace/patch_site.hpp"

namespace surefoot::ftrace::detail {

/// NOP, as the compiler leaves it.
inline constexpr std::uint32_t instruction_nop = 0xd503201f;
/// MOV X9, X30.
inline constexpr std::uint32_t instruction_mov_x9_x30 = 0xaa1e03e9;

/// The immediate branches: their opcode, without the distance.
enum class Branch : std::uint32_t { b = 0x1400'0000, bl = 0x9400'0000 };

/// The branch from one address to another, or out_of_range: 26 bits of signed distance in words.
[[nodiscard]] constexpr std::expected<std::uint32_t, PatchError> encode_branch(Branch branch, std::uint64_t from,
                                                                               std::uint64_t to) noexcept {
  constexpr std::uint64_t reach = std::uint64_t{1} << 27;
  const std::uint64_t distance = to - from;
  // Moved by `reach`, the legal distances are those from 0 up; no signed arithmetic that could overflow.
  if (distance + reach >= 2 * reach) return std::unexpected(PatchError::out_of_range);
  constexpr std::uint32_t immediate = 0x03ff'ffff;
  return static_cast<std::uint32_t>(branch) | (static_cast<std::uint32_t>(distance >> 2) & immediate);
}
static_assert(*encode_branch(Branch::bl, 0x1000, 0x1008) == 0x9400'0002);
static_assert(*encode_branch(Branch::b, 0x1008, 0x1000) == 0x17ff'fffe);
static_assert(encode_branch(Branch::bl, 0, 0x07ff'fffc).has_value() && !encode_branch(Branch::bl, 0, 0x0800'0000));
static_assert(encode_branch(Branch::bl, 0x0800'0000, 0).has_value() && !encode_branch(Branch::bl, 0x0800'0004, 0));

}  // namespace surefoot::ftrace::detail
