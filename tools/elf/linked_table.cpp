// SPDX-License-Identifier: MIT
#include "elf/linked_table.hpp"

namespace surefoot::tools {

std::optional<TablePlace> find_linked_table(const Image& image, std::string_view start, std::string_view end,
                                            std::initializer_list<std::string_view> sections) {
  const Symbol* first = image.find_symbol(start);
  const Symbol* last = image.find_symbol(end);
  if (first != nullptr && last != nullptr && first->address <= last->address) {
    return TablePlace{.address = first->address, .size = last->address - first->address};
  }
  for (const std::string_view name : sections) {
    if (const Section* section = image.find_section(name)) {
      return TablePlace{.address = section->address, .size = section->size};
    }
  }
  return std::nullopt;
}

}  // namespace surefoot::tools
