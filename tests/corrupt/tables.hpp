// SPDX-License-Identifier: MIT
//
// Where the bytes of a region's frame table are, which the library does not tell.
#pragma once

#include <cstdint>

#include "surefoot/surefoot.hpp"

namespace corrupt {

struct FrameTablePlace {
  surefoot::AddressRange bytes;
  std::uint64_t address = 0;  ///< where the first byte is for the code that it describes
};

/// Empty if the region has none.
[[nodiscard]] FrameTablePlace find_frame_table(const surefoot::Region& region) noexcept;

/// The same of a module's; empty in a kernel that loads none.
[[nodiscard]] FrameTablePlace find_module_table(const surefoot::Region& region) noexcept;

}  // namespace corrupt
