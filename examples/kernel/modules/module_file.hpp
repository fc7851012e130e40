// SPDX-License-Identifier: MIT
//
// The file of a module, and those that are in the kernel's image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "modules/module_file.h"

namespace kernel::modules {

/// The first words of a file, which are offsets into it. Dictated by .module_header in module_file.h.
struct Header {
  struct Part {
    std::uint32_t start;
    std::uint32_t end;

    [[nodiscard]] constexpr std::uint32_t size() const noexcept { return end - start; }
  };

  std::uint32_t magic;
  Part text;
  Part special_ranges;
  Part calls_without_record;
  Part frame_table;
  Part symbols;
  // What the kernel calls.
  std::uint32_t outer;
  std::uint32_t interrupted;
  std::uint32_t moment;  ///< an instruction of `interrupted`
  std::uint32_t special;
};
static_assert(sizeof(Header) == 15 * 4);

/// A file in memory: starts at a multiple of 8, and stays in place.
using File = std::span<const std::byte>;

/// The files in the image (files.S). `leaf` is interrupted in a leaf without a record, `early` between the two
/// instructions that make a record, `large` between the two that make a frame of more than 4 KiB.
[[nodiscard]] File leaf_file() noexcept;
[[nodiscard]] File early_file() noexcept;
[[nodiscard]] File large_file() noexcept;

}  // namespace kernel::modules
