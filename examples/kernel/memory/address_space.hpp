// SPDX-License-Identifier: MIT
//
// The one address space of the kernel: everything at its physical address, plus a second view of the kernel's code,
// which is its text and what modules are loaded into, that is writable and not executable, for patching and loading.
// RAM outside the image is not mapped at all.
#pragma once

#include <cstdint>

#include "memory/page_tables.hpp"
#include "surefoot/address.hpp"

namespace kernel::memory {

/// How far above the text its writable view lies: beyond all physical addresses of the machine in use here.
inline constexpr std::uint64_t writable_view_offset = 0x1'0000'0000;

/// The word through which the instruction at `address` can be changed. Requires an address in image::text() or
/// image::modules(), aligned to 4. The caller makes the change visible to instruction fetches with publish_code.
[[nodiscard]] std::uint32_t* writable_text(std::uint64_t address) noexcept;

/// Where EL0 finds what the kernel has at `address` for it.
[[nodiscard]] constexpr std::uint64_t user_address(std::uint64_t address) noexcept { return address - virtual_offset; }

/// Makes instructions that were written through writable_text what the CPU fetches: cleans them out of the data
/// cache, invalidates what the instruction cache holds of them, and waits for both [arm-arm, "Concurrent modification
/// and execution of instructions"]. `range` is in one of the two.
void publish_code(const surefoot::AddressRange& range) noexcept;

/// Replaces one instruction and publishes it.
void patch_text(std::uint64_t address, std::uint32_t instruction) noexcept;

}  // namespace kernel::memory
