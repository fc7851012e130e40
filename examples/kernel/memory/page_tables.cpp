// SPDX-License-Identifier: MIT
#include "memory/page_tables.hpp"

#include <cstddef>
#include <cstdint>

#include "arch/cpu_features.hpp"
#include "memory/memory_types.hpp"
#include "surefoot/config.hpp"

namespace kernel::memory {
namespace {

constexpr std::size_t entries_per_table = 512;

struct alignas(page_size) Table {
  std::uint64_t entries[entries_per_table];
};

// One top table, or two; a level 2 and two level 3 tables for the devices; the same, and a few more, for the image and
// for its writable alias. An image that outgrows this traps at boot. If the kernel is in the upper half, its users have
// tables of their own.
constexpr std::size_t pool_size = 24;
constinit Table pool[pool_size] = {};
constinit std::size_t pool_used = 2;  // the two top tables
constexpr std::size_t users_top = virtual_offset == 0 ? 0 : 1;

// Fields of a descriptor [arm-arm, "VMSAv8-64 descriptor formats"].
constexpr std::uint64_t valid_table_or_page = 3;
constexpr std::uint64_t access_flag = std::uint64_t{1} << 10;  // 0 would fault at the first access
constexpr std::uint64_t inner_shareable = std::uint64_t{3} << 8;
constexpr std::uint64_t from_el0 = std::uint64_t{1} << 6;       // AP[1]
constexpr std::uint64_t never_written = std::uint64_t{1} << 7;  // AP[2]
constexpr std::uint64_t guarded = std::uint64_t{1} << 50;       // GP: indirect branches need a landing pad here
#ifdef KERNEL_AT_EL2
constexpr std::uint64_t not_at_el1 = std::uint64_t{1} << 54;  // XN
constexpr std::uint64_t not_at_el0 = from_el0;                // there is none: 1 by definition
#else
constexpr std::uint64_t not_at_el1 = std::uint64_t{1} << 53;  // PXN
constexpr std::uint64_t not_at_el0 = std::uint64_t{1} << 54;  // UXN
#endif
constexpr std::uint64_t address_bits = 0x0000'ffff'ffff'f000;

constexpr std::uint64_t memory_type(unsigned index) noexcept { return std::uint64_t{index} << 2; }

std::uint64_t attributes(Access access) noexcept {
  // GP is RES0 on a CPU without BTI, so it is left clear there.
  const std::uint64_t guard = cpu::has_branch_target_identification() ? guarded : 0;
  const std::uint64_t normal = memory_type(memory_type_normal) | inner_shareable | access_flag | valid_table_or_page;
  const std::uint64_t device = memory_type(memory_type_device) | access_flag | valid_table_or_page;
  switch (access) {
    case Access::code: return normal | never_written | not_at_el0 | guard;
    case Access::read_only: return normal | never_written | not_at_el0 | not_at_el1;
    case Access::read_write: return normal | not_at_el0 | not_at_el1;
    case Access::user_code: return normal | never_written | from_el0 | not_at_el1 | guard;
    case Access::user_read_write: return normal | from_el0 | not_at_el0 | not_at_el1;
    case Access::device: return device | not_at_el0 | not_at_el1;
  }
  __builtin_unreachable();
}

constexpr std::size_t index_at(unsigned level, std::uint64_t address) noexcept {
  return address >> (39 - 9 * level) & (entries_per_table - 1);
}

// The same before the MMU is on and, in the upper half, after.
std::uint64_t physical_address(const Table& table) noexcept {
  return reinterpret_cast<std::uintptr_t>(&table) & ((std::uint64_t{1} << virtual_address_bits) - 1);
}

// The table that `entry` points at; made if there is none yet.
Table& next_level(std::uint64_t& entry) noexcept {
  if (entry == 0) {
    SUREFOOT_CHECK(pool_used < pool_size);
    entry = physical_address(pool[pool_used++]) | valid_table_or_page;
  }
  // SAFETY: a non-zero entry was made by the lines above, from a table of the pool; the pool is mapped one to one.
  return *reinterpret_cast<Table*>(entry & address_bits);
}

}  // namespace

void map(const surefoot::AddressRange& range, std::uint64_t offset, Access access) noexcept {
  SUREFOOT_CHECK(range.start() % page_size == 0 && range.end() % page_size == 0 && offset % page_size == 0);
  const bool is_of_users = access == Access::user_code || access == Access::user_read_write;
  Table& top = pool[is_of_users ? users_top : 0];
  for (std::uint64_t page = range.start(); page != range.end(); page += page_size) {
    Table& level2 = next_level(top.entries[index_at(1, page)]);
    Table& level3 = next_level(level2.entries[index_at(2, page)]);
    level3.entries[index_at(3, page)] = (page - offset) | attributes(access);
  }
}

std::uint64_t top_table() noexcept { return physical_address(pool[0]); }

std::uint64_t users_top_table() noexcept { return physical_address(pool[users_top]); }

}  // namespace kernel::memory
