// SPDX-License-Identifier: MIT
#include "linux/painted_ranges.hpp"

#include <iterator>

namespace surefoot::tools {

void PaintedRanges::clear(AddressRange range) {
  if (range.is_empty()) return;
  auto next = pieces_.lower_bound(range.start());
  if (next != pieces_.begin()) --next;
  while (next != pieces_.end() && next->first < range.end()) {
    const SpecialRange piece = next->second;
    if (piece.range.end() <= range.start()) {
      ++next;
      continue;
    }
    next = pieces_.erase(next);
    const auto keep = [&](std::uint64_t start, std::uint64_t end) {
      pieces_.emplace(start, SpecialRange{.range = {start, end}, .kind = piece.kind, .rule = piece.rule});
    };
    if (piece.range.start() < range.start()) keep(piece.range.start(), range.start());
    if (piece.range.end() > range.end()) keep(range.end(), piece.range.end());
  }
}

void PaintedRanges::paint(AddressRange range, SpecialKind kind, const Rule& rule) {
  if (range.is_empty()) return;
  clear(range);
  pieces_.emplace(range.start(), SpecialRange{.range = range, .kind = kind, .rule = rule});
}

std::vector<SpecialRange> PaintedRanges::finish() const {
  std::vector<SpecialRange> ranges;
  ranges.reserve(pieces_.size());
  for (const auto& [start, piece] : pieces_) ranges.push_back(piece);
  return ranges;
}

}  // namespace surefoot::tools
