// SPDX-License-Identifier: MIT
//
// The special-range table of the image, as its bytes stand there.
#pragma once

#include <cstring>
#include <vector>

#include "image.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot::testing {

/// The entries, and the address at which they lie in the image.
struct SpecialTable {
  std::vector<SpecialRangeEntry> entries;
  std::uint64_t at = 0;

  /// The view, which refers to this object; refused if the table is not valid.
  [[nodiscard]] SpecialRanges ranges() const { return SpecialRanges::make(entries, at).value_or(SpecialRanges()); }
};

[[nodiscard]] inline SpecialTable special_table() {
  const Image& image = Image::under_test();
  SpecialTable table{.entries = {}, .at = image.symbol("__surefoot_ranges_start").address};
  const auto bytes = image.bytes(table.at, image.symbol("__surefoot_ranges_end").address);
  table.entries.resize(bytes.size() / sizeof(SpecialRangeEntry));
  std::memcpy(table.entries.data(), bytes.data(), table.entries.size() * sizeof(SpecialRangeEntry));
  return table;
}

}  // namespace surefoot::testing
