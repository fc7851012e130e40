// SPDX-License-Identifier: MIT
//
// Ranges of special code, of which a later one covers what lies under it: a call inside of a function inside of a
// section.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "surefoot/special_ranges.hpp"

namespace surefoot::tools {

class PaintedRanges {
 public:
  /// Without effect if the range is empty.
  void paint(AddressRange range, SpecialKind kind, const Rule& rule);
  /// What is there is plain code.
  void clear(AddressRange range);
  /// By rising start, none overlapping.
  [[nodiscard]] std::vector<SpecialRange> finish() const;

 private:
  std::map<std::uint64_t, SpecialRange> pieces_;  // by start
};

}  // namespace surefoot::tools
