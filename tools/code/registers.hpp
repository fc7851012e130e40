// SPDX-License-Identifier: MIT
//
// General registers, and which of them an A64 instruction changes. By encoding group [arm-arm C4.1], so that it holds
// for instructions that no disassembler at hand knows.
#pragma once

#include <cstdint>

namespace surefoot::tools {

/// The numbers of general registers in AAPCS64 and in DWARF; 31 is sp, as in the base of a load.
inline constexpr unsigned platform_number = 18;
inline constexpr unsigned fp_number = 29;
inline constexpr unsigned lr_number = 30;
inline constexpr unsigned sp_number = 31;

/// A set of general registers: bit n is xn, bit 31 is sp.
using RegisterSet = std::uint32_t;

/// x0 to x18 and lr: not kept by a callee [aapcs64 §6.1.1].
inline constexpr RegisterSet call_clobbered = 0x4007ffff;

/// False for an encoding in a group that nobody has given a meaning to up to Armv9.6: what it does is not known.
[[nodiscard]] bool is_allocated(std::uint32_t word);

/// The general registers that the instruction may change, in whole or in part: all, if it is not allocated. Exact for
/// what is allocated up to Armv9.5. Calls change x30, and their callees the rest.
[[nodiscard]] RegisterSet registers_written(std::uint32_t word);

}  // namespace surefoot::tools
