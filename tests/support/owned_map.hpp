// SPDX-License-Identifier: MIT
//
// Code maps of several regions, with the storage that they are views of.
#pragma once

#include <cstdint>
#include <expected>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "surefoot/code_map.hpp"

namespace surefoot::testing {

/// What CodeMap::make() says of these regions, and nothing else.
[[nodiscard]] inline std::expected<void, CodeMapError> check_regions(const std::vector<Region>& regions) {
  std::vector<Interval> storage(CodeMap::intervals_needed(regions));
  const auto made = CodeMap::make(regions, storage);
  if (!made) return std::unexpected(made.error());
  return {};
}

/// A map with its regions and its intervals, of which there are no more than the library asks for. Not copied: the map
/// refers to them. Throws if the library refuses the regions.
class OwnedMap {
 public:
  explicit OwnedMap(std::vector<Region> regions)
      : regions_(std::move(regions)), intervals_(CodeMap::intervals_needed(regions_)) {
    const auto made = CodeMap::make(regions_, intervals_);
    if (!made)
      throw std::logic_error(std::string(to_string(made.error().code)) + " " + std::to_string(made.error().index));
    map_ = *made;
  }
  OwnedMap(const OwnedMap&) = delete;
  OwnedMap& operator=(const OwnedMap&) = delete;

  [[nodiscard]] const CodeMap& operator*() const { return map_; }
  [[nodiscard]] const CodeMap* operator->() const { return &map_; }

 private:
  std::vector<Region> regions_;
  std::vector<Interval> intervals_;
  CodeMap map_;
};

}  // namespace surefoot::testing
