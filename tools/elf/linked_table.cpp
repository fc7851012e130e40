// SPDX-License-Identifier: MIT
#include "elf/linked_table.hpp"

#include <algorithm>

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

std::span<const std::byte> read_table(const Image& image, const TablePlace& place) {
  const Section* section = image.section_at(place.address);
  if (section == nullptr) return {};
  const std::uint64_t left = section->address + section->size - place.address;
  return image.read(place.address, std::min(place.size, left));
}

std::uint64_t place_behind(const Image& image) {
  constexpr std::uint64_t near = std::uint64_t{1} << 30;
  std::uint64_t code_end = 0;
  for (const Section& section : image.sections()) {
    if (section.is_executable) code_end = section.address + section.size;
  }
  std::uint64_t end = code_end;
  for (const Section& section : image.sections()) {
    if (section.address >= code_end && section.address - code_end < near && section.size < near) {
      end = std::max(end, section.address + section.size);
    }
  }
  return (end + 7) & ~std::uint64_t{7};
}

}  // namespace surefoot::tools
