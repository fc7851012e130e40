// SPDX-License-Identifier: MIT
//
// Where the made-up code lies: the image, its plain functions first and its special code behind them, and above the
// image the modules, each of the same form.
#pragma once

#include <cstddef>
#include <cstdint>

#include "surefoot/address.hpp"

namespace bench {

inline constexpr std::uint64_t image_start = 0x5000'0000;
inline constexpr std::uint64_t image_special_start = 0x5100'0000;
inline constexpr std::uint64_t image_end = 0x5200'0000;
inline constexpr surefoot::AddressRange image_text(image_start, image_end);

inline constexpr std::size_t max_module_count = 8;
inline constexpr std::uint64_t modules_start = image_end;
inline constexpr std::uint64_t module_size = 0x10'0000;
inline constexpr std::uint64_t module_special_offset = 0x8'0000;

constexpr std::uint64_t module_start(std::size_t module) noexcept { return modules_start + module * module_size; }

constexpr surefoot::AddressRange module_text(std::size_t module) noexcept {
  return {module_start(module), module_start(module + 1)};
}

/// Functions are of this size, and all of one form; see frame_sections.hpp.
inline constexpr std::uint64_t function_size = 0x40;
inline constexpr std::uint64_t pc_offset = 0x34;

/// An address in the body of a function of the code that begins at `start`.
constexpr std::uint64_t pc_in_function(std::uint64_t start, std::size_t function) noexcept {
  return start + function * function_size + pc_offset;
}

/// Of the special ranges of the code that begins at `start`, one stands at the beginning of each function.
inline constexpr std::uint64_t range_size = 0x20;

constexpr std::uint64_t special_range_start(std::uint64_t start, std::size_t index) noexcept {
  return start + index * function_size;
}

/// What the first ranges of the image are; see special_tables.hpp.
inline constexpr std::size_t return_hook_index = 0;
inline constexpr std::size_t exception_entry_index = 1;
inline constexpr std::uint64_t return_hook = special_range_start(image_special_start, return_hook_index);
inline constexpr std::uint64_t pc_in_exception_entry =
    special_range_start(image_special_start, exception_entry_index) + 0x10;

}  // namespace bench
