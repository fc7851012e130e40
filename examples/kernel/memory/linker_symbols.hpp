// SPDX-License-Identifier: MIT
//
// The symbols that kernel.ld defines, as ranges of addresses. A linker symbol has an address and no content, so that
// each is declared as an array of unknown size and only its address is taken.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/address.hpp"

extern "C" {
extern const char __kernel_text_start[];
extern const char __kernel_text_end[];
extern const char __user_text_start[];
extern const char __user_text_end[];
extern const char __kernel_rodata_start[];
extern const char __kernel_rodata_end[];
extern const char __kernel_data_start[];
extern const char __kernel_data_end[];
extern const char __user_stack_start[];
extern const char __user_stack_end[];
extern const char __kernel_modules_start[];
extern const char __kernel_modules_end[];
extern const char __kernel_stacks_start[];
extern const char __kernel_stacks_end[];
extern const char __kernel_tables_start[];
extern const char __kernel_tables_end[];
}

#ifdef KERNEL_HAS_FAR_PARTS
extern "C" {
extern const char __far_text_start[];
extern const char __far_text_end[];
extern const char __far_text_distance[];
extern const char __far_data_start[];
extern const char __far_data_end[];
extern const char __far_data_distance[];
}
#endif

namespace kernel::image {

[[nodiscard]] inline surefoot::AddressRange between(const char* start, const char* end) noexcept {
  return {reinterpret_cast<std::uintptr_t>(start), reinterpret_cast<std::uintptr_t>(end)};
}

/// The code that runs at EL1, and with it everything that may be a return address.
[[nodiscard]] inline surefoot::AddressRange text() noexcept { return between(__kernel_text_start, __kernel_text_end); }
[[nodiscard]] inline surefoot::AddressRange user_text() noexcept { return between(__user_text_start, __user_text_end); }
[[nodiscard]] inline surefoot::AddressRange rodata() noexcept {
  return between(__kernel_rodata_start, __kernel_rodata_end);
}
/// Initialised data and .bss.
[[nodiscard]] inline surefoot::AddressRange data() noexcept { return between(__kernel_data_start, __kernel_data_end); }
[[nodiscard]] inline surefoot::AddressRange user_stack() noexcept {
  return between(__user_stack_start, __user_stack_end);
}
/// What modules are loaded into. Code, like the text; empty in an image that loads none.
[[nodiscard]] inline surefoot::AddressRange modules() noexcept {
  return between(__kernel_modules_start, __kernel_modules_end);
}
/// All slots, the unmapped halves included.
[[nodiscard]] inline surefoot::AddressRange stacks() noexcept {
  return between(__kernel_stacks_start, __kernel_stacks_end);
}
/// The frame table and the symbol table.
[[nodiscard]] inline surefoot::AddressRange tables() noexcept {
  return between(__kernel_tables_start, __kernel_tables_end);
}

#ifdef KERNEL_HAS_FAR_PARTS
/// Code and data that the linker script puts far away from the rest, and from where they are in memory.
[[nodiscard]] inline surefoot::AddressRange far_text() noexcept { return between(__far_text_start, __far_text_end); }
[[nodiscard]] inline surefoot::AddressRange far_data() noexcept { return between(__far_data_start, __far_data_end); }
[[nodiscard]] inline std::uint64_t far_text_distance() noexcept {
  return reinterpret_cast<std::uintptr_t>(__far_text_distance);
}
[[nodiscard]] inline std::uint64_t far_data_distance() noexcept {
  return reinterpret_cast<std::uintptr_t>(__far_data_distance);
}
#endif

}  // namespace kernel::image
