// SPDX-License-Identifier: MIT
//
// What an A64 instruction may write in memory, by its encoding group.
#pragma once

#include <cstdint>

namespace surefoot::tools {

/// What an instruction may write in memory, by the address in its base register.
struct MemoryWrite {
  enum class Extent : std::uint8_t {
    none,
    here,                 ///< `size` bytes at `offset` from it
    counted,              ///< as many bytes from it on as the register `count` says
    block,                ///< a block that it lies in, of a size that the machine tells
    at_unknown_distance,  ///< elsewhere: an index in a register, lengths of scalable vectors
  };
  Extent extent = Extent::none;
  std::uint8_t base = 0;  ///< 31 is sp
  std::uint8_t count = 0;
  std::uint8_t size = 0;
  std::int32_t offset = 0;
};

/// Exact for what is allocated up to Armv9.5; of Armv9.6 never less than the truth. Loads and prefetches write nothing.
[[nodiscard]] MemoryWrite memory_written(std::uint32_t word);

}  // namespace surefoot::tools
