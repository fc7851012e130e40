// SPDX-License-Identifier: MIT
//
// What one relocation puts into its place [aaelf64 §5.7].
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace surefoot::tools {

struct Relocation {
  std::uint32_t type = 0;
  std::uint64_t place = 0;  ///< P, the address of the first byte that it changes
  std::uint64_t value = 0;  ///< S + A
};

enum class Relocated : std::uint8_t {
  done,
  unknown,         ///< a type whose value only a linker or a loader knows, such as an entry of a global offset table
  does_not_reach,  ///< the instruction, which is there as a whole, cannot hold the distance
  no_room,         ///< the bytes end before the place does
};

/// Applies it to the bytes that begin at its place. Bytes stay as they are unless it is done.
[[nodiscard]] Relocated apply(const Relocation& relocation, std::span<std::byte> bytes);

/// True for ADR and ADRP.
[[nodiscard]] constexpr bool is_adr(std::uint32_t word) { return (word & 0x1f000000) == 0x10000000; }

/// Makes an ADR or an ADRP at `place` point to the address, or to its page. False if that is too far.
[[nodiscard]] bool point_adr(std::span<std::byte> bytes, std::uint64_t place, std::uint64_t address);

}  // namespace surefoot::tools
