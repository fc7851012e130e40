// SPDX-License-Identifier: MIT
#include "linux/painted_ranges.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <tuple>
#include <vector>

namespace surefoot::tools {
namespace {

using Piece = std::tuple<std::uint64_t, std::uint64_t, SpecialKind>;
using enum SpecialKind;

std::vector<Piece> pieces_of(const PaintedRanges& painted) {
  std::vector<Piece> pieces;
  for (const SpecialRange& range : painted.finish()) {
    pieces.emplace_back(range.range.start(), range.range.end(), range.kind);
  }
  return pieces;
}

TEST(PaintedRanges, HasNothingUnlessPainted) {
  PaintedRanges painted;
  painted.paint({0x100, 0x100}, other, {});
  painted.clear({0, ~std::uint64_t{0}});
  EXPECT_TRUE(painted.finish().empty());
}

TEST(PaintedRanges, SortsWhatDoesNotTouch) {
  PaintedRanges painted;
  painted.paint({0x300, 0x400}, veneer, {});
  painted.paint({0x100, 0x200}, other, {});
  EXPECT_EQ(pieces_of(painted), (std::vector<Piece>{{0x100, 0x200, other}, {0x300, 0x400, veneer}}));
}

TEST(PaintedRanges, SplitsWhatIsPaintedOverInItsMiddleAndKeepsBothRules) {
  PaintedRanges painted;
  constexpr Rule outer{.pc = From::frame_record};
  constexpr Rule inner{.pc = From::link_register};
  painted.paint({0x100, 0x400}, exception_entry, outer);
  painted.paint({0x200, 0x300}, ftrace_call, inner);
  EXPECT_EQ(pieces_of(painted),
            (std::vector<Piece>{
                {0x100, 0x200, exception_entry}, {0x200, 0x300, ftrace_call}, {0x300, 0x400, exception_entry}}));
  const auto ranges = painted.finish();
  EXPECT_EQ(ranges[0].rule, outer);
  EXPECT_EQ(ranges[1].rule, inner);
  EXPECT_EQ(ranges[2].rule, outer);
}

TEST(PaintedRanges, CutsWhatIsPaintedOverAtEachEnd) {
  PaintedRanges painted;
  painted.paint({0x100, 0x200}, other, {});
  painted.paint({0x300, 0x400}, other, {});
  painted.paint({0x180, 0x380}, veneer, {});
  EXPECT_EQ(pieces_of(painted),
            (std::vector<Piece>{{0x100, 0x180, other}, {0x180, 0x380, veneer}, {0x380, 0x400, other}}));
}

TEST(PaintedRanges, CoversAllThatLiesUnderARange) {
  PaintedRanges painted;
  for (std::uint64_t start = 0x100; start < 0x800; start += 0x100) painted.paint({start, start + 0x80}, other, {});
  painted.paint({0x100, 0x800}, veneer, {});
  EXPECT_EQ(pieces_of(painted), (std::vector<Piece>{{0x100, 0x800, veneer}}));
}

TEST(PaintedRanges, LeavesNeighboursAlone) {
  PaintedRanges painted;
  painted.paint({0x100, 0x200}, other, {});
  painted.paint({0x300, 0x400}, other, {});
  painted.paint({0x200, 0x300}, veneer, {});
  EXPECT_EQ(pieces_of(painted),
            (std::vector<Piece>{{0x100, 0x200, other}, {0x200, 0x300, veneer}, {0x300, 0x400, other}}));
  painted.clear({0x200, 0x300});
  EXPECT_EQ(pieces_of(painted), (std::vector<Piece>{{0x100, 0x200, other}, {0x300, 0x400, other}}));
}

TEST(PaintedRanges, ClearsAHole) {
  PaintedRanges painted;
  painted.paint({0x100, 0x400}, other, {});
  painted.clear({0x200, 0x204});
  EXPECT_EQ(pieces_of(painted), (std::vector<Piece>{{0x100, 0x200, other}, {0x204, 0x400, other}}));
}

}  // namespace
}  // namespace surefoot::tools
