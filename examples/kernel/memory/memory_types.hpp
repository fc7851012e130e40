// SPDX-License-Identifier: MIT
//
// The two kinds of memory. A descriptor gives an index into MAIR_EL1, and that register says what the index means; the
// two sides meet here.
#pragma once

#include <cstdint>

namespace kernel::memory {

inline constexpr unsigned memory_type_device = 0;
inline constexpr unsigned memory_type_normal = 1;

/// Device-nGnRE: no gathering, no reordering, early acknowledgement. Normal: write-back, allocating on reads and
/// writes,
/// inner and outer alike [arm-arm, MAIR_EL1].
inline constexpr std::uint64_t memory_attributes =
    std::uint64_t{0x04} << (8 * memory_type_device) | std::uint64_t{0xff} << (8 * memory_type_normal);

}  // namespace kernel::memory
