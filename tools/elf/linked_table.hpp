// SPDX-License-Identifier: MIT
//
// Where a table lies that a linker script places: between two symbols, or, in a stripped image, in a section.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "elf/image.hpp"

namespace surefoot::tools {

struct TablePlace {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

/// The bytes of a table whose header says how long it is. They end with the section that it lies in: a linker that
/// shrinks .sframe has placed the end symbol before.
[[nodiscard]] std::span<const std::byte> read_table(const Image& image, const TablePlace& place);

/// A multiple of 8 behind the code of the image and what lies near it, for a table that the image has no place for.
[[nodiscard]] std::uint64_t place_behind(const Image& image);

/// By the symbols if the image has both, else by the first of the sections that it has.
[[nodiscard]] std::optional<TablePlace> find_linked_table(const Image& image, std::string_view start,
                                                          std::string_view end,
                                                          std::initializer_list<std::string_view> sections);

}  // namespace surefoot::tools
