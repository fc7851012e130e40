// SPDX-License-Identifier: MIT
//
// Stage 1 translation tables with 4 KiB pages and 39 bits of virtual address, which makes three levels: entries of
// 1 GiB, 2 MiB and 4 KiB [arm-arm, "Translation using the 4KB granule"]. Only pages are used, no blocks: an unmapped
// page can lie anywhere. Used before the MMU is on; it allocates from a fixed pool.
#pragma once

#include <cstdint>

#include "surefoot/address.hpp"

namespace kernel::memory {

inline constexpr unsigned virtual_address_bits = 39;
inline constexpr std::uint64_t page_size = 4096;

/// Who may do what. Nothing is ever writable and executable.
enum class Access : std::uint8_t { code, read_only, read_write, user_code, user_read_write, device };

/// Maps `range` so that each address x in it reaches the physical address x - offset. Requires whole pages. An
/// empty range maps nothing. Traps when the pool is used up.
void map(const surefoot::AddressRange& range, std::uint64_t offset, Access access) noexcept;

/// The address of the top level table, for TTBR0_EL1.
[[nodiscard]] std::uint64_t top_table() noexcept;

}  // namespace kernel::memory
