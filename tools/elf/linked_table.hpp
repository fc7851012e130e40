// SPDX-License-Identifier: MIT
//
// Where a table lies that a linker script places: between two symbols, or, in a stripped image, in a section.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "elf/image.hpp"

namespace surefoot::tools {

struct TablePlace {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

/// By the symbols if the image has both, else by the first of the sections that it has.
[[nodiscard]] std::optional<TablePlace> find_linked_table(const Image& image, std::string_view start,
                                                          std::string_view end,
                                                          std::initializer_list<std::string_view> sections);

}  // namespace surefoot::tools
