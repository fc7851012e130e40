// SPDX-License-Identifier: MIT
//
// The kernel's half of the address space: where its translation tables are, and the walk through them. AArch64 stage 1
// with 4, 16 and 64 KiB pages and up to 52 bits [arm-arm D8.2].
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "dump/vmcoreinfo.hpp"

namespace surefoot::tools {

struct PageTables {
  std::uint64_t root = 0;               ///< physical address of the first table
  unsigned page_bits = 12;              ///< 12, 14 or 16
  unsigned address_bits = 48;           ///< of virtual addresses
  bool has_52_bit_descriptors = false;  ///< TCR_EL1.DS: of 4 and 16 KiB pages only
};

/// An error, one line, if VMCOREINFO lacks something, or tells what no AArch64 CPU can do.
[[nodiscard]] std::expected<PageTables, std::string> find_page_tables(const Vmcoreinfo& info);

/// Reads the 8 bytes of a descriptor at a physical address; nothing if they are not there.
using DescriptorReader = std::function<std::optional<std::uint64_t>(std::uint64_t address)>;

/// The physical address of a virtual one; nothing if it is not mapped, not in the kernel's half, or if a table is not
/// there. Reads as many descriptors as there are levels, at most 5.
[[nodiscard]] std::optional<std::uint64_t> translate(const PageTables& tables, std::uint64_t address,
                                                     const DescriptorReader& descriptor_at);

}  // namespace surefoot::tools
