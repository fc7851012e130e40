// SPDX-License-Identifier: MIT
//
// Where QEMU's `virt` machine has the devices that the kernel uses [qemu-virt]. They are fixed in practice; a kernel
// for more than one machine would read them from the device tree.
#pragma once

#include <cstdint>

#include "surefoot/address.hpp"

namespace kernel::physical_map {

inline constexpr std::uint64_t gic_distributor = 0x0800'0000;
inline constexpr std::uint64_t gic_cpu_interface = 0x0801'0000;
inline constexpr std::uint64_t uart = 0x0900'0000;

inline constexpr surefoot::AddressRange devices[] = {
    {gic_distributor, gic_distributor + 0x1000},
    {gic_cpu_interface, gic_cpu_interface + 0x2000},
    {uart, uart + 0x1000},
};

}  // namespace kernel::physical_map
