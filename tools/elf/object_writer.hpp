// SPDX-License-Identifier: MIT
//
// A copy of a relocatable object with more sections, which refer to those that it has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace surefoot::tools {

/// A section of read-only data to add.
struct AddedSection {
  /// A place that gets the distance from itself to an address in a section of the object.
  struct Distance {
    std::uint64_t offset = 0;  ///< of the place
    unsigned size = 8;         ///< in bytes: 4 or 8
    std::size_t section = 0;   ///< its index
    std::uint64_t target = 0;  ///< an offset into that section
  };
  std::string name;
  std::vector<std::byte> bytes;
  std::vector<Distance> distances;
};

/// The object with the sections, at multiples of 8, and a relocation for each distance. A section without bytes is left
/// out. An error if this is no such object, has a section of one of the names already, or no symbol to refer to one of
/// its sections by.
[[nodiscard]] std::expected<std::vector<std::byte>, std::string> add_sections(std::span<const std::byte> object,
                                                                              const std::vector<AddedSection>& added);

}  // namespace surefoot::tools
