// SPDX-License-Identifier: MIT
//
// What an A64 instruction may write in memory, by its encoding group.
#pragma once

#include <cstdint>

namespace surefoot::tools {

/// What an instruction may write in memory.
struct MemoryWrite {
  enum class Extent : std::uint8_t {
    none,
    here,    ///< `size` bytes at `offset` from the address in the base register
    around,  ///< at an offset that is not told here
    any,     ///< any number of bytes, on either side of the address in the base register
  };
  Extent extent = Extent::none;
  std::uint8_t base = 0;  ///< the register that holds the address; 31 is sp
  std::int16_t offset = 0;
  std::uint8_t size = 0;
};

/// Never less than the truth. Exact for exclusives, ordered stores, atomics, structures of vectors and tags; what a
/// load of them writes is nothing.
[[nodiscard]] MemoryWrite memory_written(std::uint32_t word);

}  // namespace surefoot::tools
