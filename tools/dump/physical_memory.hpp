// SPDX-License-Identifier: MIT
//
// The memory of a machine by physical addresses, as a dump holds it. What the formats of dumps have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "surefoot/address.hpp"

namespace surefoot::tools {

enum class PageState : std::uint8_t {
  present,
  absent,   ///< no memory, or a page that a filter has left out
  damaged,  ///< the dump says that it holds the page, and cannot give it
};

class PhysicalMemory {
 public:
  PhysicalMemory() = default;
  PhysicalMemory(const PhysicalMemory&) = delete;
  PhysicalMemory& operator=(const PhysicalMemory&) = delete;
  virtual ~PhysicalMemory() = default;

  /// Copies all of it: several pages are allowed. If it is not all there, what is in `into` means nothing.
  [[nodiscard]] virtual PageState read(std::uint64_t address, std::span<std::byte> into) = 0;
  /// What the dump may hold, ascending and apart.
  [[nodiscard]] virtual const std::vector<AddressRange>& ranges() const = 0;
};

/// Physical addresses have at most 56 bits [arm-arm D8.3]. What a file says to be beyond is not read.
inline constexpr std::uint64_t physical_end = std::uint64_t{1} << 56;

}  // namespace surefoot::tools
