// SPDX-License-Identifier: MIT
//
// Device registers of 32 bits. One access each, of that size, in program order: `volatile` for the compiler, the memory
// type Device for the CPU.
#pragma once

#include <cstdint>

#include "memory/page_tables.hpp"

namespace kernel::mmio {

[[nodiscard]] inline std::uint32_t read(std::uint64_t address) noexcept {
  // SAFETY: callers pass registers of a device in physical_map.hpp, all of which are mapped, as
  // the kernel is.
  return *reinterpret_cast<const volatile std::uint32_t*>(address + memory::virtual_offset);
}

inline void write(std::uint64_t address, std::uint32_t value) noexcept {
  // SAFETY: as for read.
  *reinterpret_cast<volatile std::uint32_t*>(address + memory::virtual_offset) = value;
}

}  // namespace kernel::mmio
