// SPDX-License-Identifier: MIT
//
// The tables of a relocatable object, apart for each of its sections of code, as a loader may put each anywhere.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "elf/object_writer.hpp"
#include "tables/frames.hpp"

namespace surefoot::tools {

/// The rules and the calls of one section of code, in the addresses that the object is laid out at.
struct SectionTables {
  SframeSection frames;             ///< to lie at Frames::address
  std::vector<AddressRange> calls;  ///< those without a record
};

/// The part of the frames that is about one section, or what cannot be written.
[[nodiscard]] std::expected<SectionTables, std::string> make_section_tables(const Section& code, const Frames& frames);

/// The same as sections to add to the object.
[[nodiscard]] std::expected<std::vector<AddedSection>, std::string> make_object_tables(const Image& image,
                                                                                       const Frames& frames);

}  // namespace surefoot::tools
