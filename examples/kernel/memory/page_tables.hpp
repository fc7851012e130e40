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

#ifdef KERNEL_VIRTUAL_OFFSET
/// How far above its physical address the kernel runs: in the upper half of the address space, but for its users.
inline constexpr std::uint64_t virtual_offset = KERNEL_VIRTUAL_OFFSET;
static_assert(virtual_offset << (64 - virtual_address_bits) == 0 && virtual_offset >> (virtual_address_bits - 1) != 0);
#else
inline constexpr std::uint64_t virtual_offset = 0;
#endif

/// Who may do what. Nothing is ever writable and executable.
enum class Access : std::uint8_t { code, read_only, read_write, user_code, user_read_write, device };

/// Maps `range` so that each address x in it reaches the physical address x - offset; before the MMU is on, so that x
/// is what it will be in the lower half. Requires whole pages. An empty range maps nothing. Traps when the pool is used
/// up.
void map(const surefoot::AddressRange& range, std::uint64_t offset, Access access) noexcept;

/// The physical address of the top level table: of both halves, while the kernel begins; then of its own.
[[nodiscard]] std::uint64_t top_table() noexcept;
/// The same of the table of users alone, if the kernel is in the upper half.
[[nodiscard]] std::uint64_t users_top_table() noexcept;

}  // namespace kernel::memory
