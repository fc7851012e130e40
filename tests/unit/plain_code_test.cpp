// SPDX-License-Identifier: MIT
//
// The comparison by which the walk knows the return addresses of plain code (C1, C3, C8, C10).
#include "surefoot/plain_code.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/owned_map.hpp"
#include "support/random_source.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t fp = 0x7000'0000;
constexpr std::uint64_t half = std::uint64_t{1} << 55;
constexpr std::uint64_t max_size = (std::uint64_t{1} << 34) - 4;

Region plain(std::uint64_t start, std::uint64_t end) {
  return {.text = AddressRange(start, end), .special_ranges = SpecialRanges::none()};
}

// A region alone.
class OneRegion {
 public:
  OneRegion(std::uint64_t start, std::uint64_t size, const SpecialRanges& ranges = SpecialRanges::none())
      : map_({{.text = AddressRange(start, start + size), .special_ranges = ranges}}),
        code_(map_->plain(map_->find(start))) {}

  [[nodiscard]] const PlainCode* operator->() const { return &code_; }

 private:
  OwnedMap map_;
  PlainCode code_;
};

// Written out: the return address and the call before it are inside, and neither address is odd.
bool is_inside(std::uint64_t return_address, std::uint64_t frame_pointer, std::uint64_t start, std::uint64_t size) {
  if (return_address % 4 != 0 || frame_pointer % 8 != 0) return false;
  const std::uint64_t offset = return_address - start;
  return offset >= 4 && offset < size;
}

TEST(PlainCode, HoldsNothingByDefault) {
  constexpr PlainCode code;
  for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{4}, half, ~std::uint64_t{3}})
    EXPECT_FALSE(code.contains(address, fp));
}

TEST(PlainCode, C3_HoldsReturnAddressesWhoseCallsItHoldsToo) {
  const OneRegion code(0x1000, 0x10);
  EXPECT_FALSE(code->contains(0x1000, fp));  // the call would be in front of it
  EXPECT_TRUE(code->contains(0x1004, fp));
  EXPECT_TRUE(code->contains(0x100c, fp));
  EXPECT_FALSE(code->contains(0x1010, fp));  // may be a hook
  EXPECT_EQ(code->start(), 0x1004U);
}

TEST(PlainCode, IsEmptyIfItHoldsOneInstruction) {
  const OneRegion code(0x1000, 4);
  for (std::uint64_t pc = 0x0ff8; pc < 0x1010; ++pc) EXPECT_FALSE(code->contains(pc, fp)) << std::hex << pc;
}

TEST(PlainCode, C1_C10_AgreesWithASlowStatementAtAllEdges) {
  for (const std::uint64_t size :
       {std::uint64_t{4}, std::uint64_t{8}, std::uint64_t{0x100}, std::uint64_t{1} << 33, max_size}) {
    for (const std::uint64_t start : {std::uint64_t{0}, std::uint64_t{4}, std::uint64_t{0x4000'0000}, half - size, half,
                                      2 * half - size, 2 * half, 0 - size - 4}) {
      SCOPED_TRACE(::testing::Message() << std::hex << "0x" << size << " bytes at 0x" << start);
      const OneRegion code(start, size);
      for (const std::uint64_t edge : {start, start + size, start + size / 8 * 4, std::uint64_t{0}, half,
                                       start + 2 * half, start + max_size, start - max_size}) {
        for (std::uint64_t i = 0; i < 40; ++i) {
          const std::uint64_t pc = edge - 20 + i;
          for (const std::uint64_t at : {std::uint64_t{0}, fp, fp + 1, fp + 4, ~std::uint64_t{7}, ~std::uint64_t{0}})
            ASSERT_EQ(code->contains(pc, at), is_inside(pc, at, start, size)) << std::hex << pc << ' ' << at;
        }
      }
    }
  }
}

// One bit of a multiple of 4 is turned over: it is then elsewhere, above all in the other half.
TEST(PlainCode, C8_HoldsNoAddressThatDiffersInABitAboveItsSize) {
  const OneRegion code(0x4000'0000, 0x1'0000);
  for (unsigned bit = 0; bit < 64; ++bit) {
    const std::uint64_t pc = 0x4000'8004 ^ std::uint64_t{1} << bit;
    EXPECT_EQ(code->contains(pc, fp), bit >= 2 && bit < 16) << bit;
  }
}

TEST(PlainCode, HoldsNothingOfIntervalsOfOtherKinds) {
  const std::vector<SpecialRange> ranges{{.range = AddressRange(0x2100, 0x2200), .kind = SpecialKind::other}};
  const OwnedMap map({{.text = AddressRange(0x1000, 0x2000)},
                      {.text = AddressRange(0x2000, 0x3000), .special_ranges = SpecialRanges::make(ranges).value()}});
  for (std::uint32_t index = 0; index + 1 < map->intervals().size(); ++index) {
    const Interval& interval = (*map)[index];
    const PlainCode code = map->plain(index);
    EXPECT_EQ(code.index(), interval.kind == IntervalKind::plain ? index : 0);
    const std::uint64_t inside = interval.start + 8;
    EXPECT_EQ(code.contains(inside, fp), interval.kind == IntervalKind::plain) << std::hex << inside;
  }
}

TEST(PlainCode, AgreesWithASlowStatementInRandomMaps) {
  constexpr std::uint64_t first_seed = 1;
  for (std::uint64_t seed = first_seed; seed < first_seed + 500; ++seed) {
    RandomSource random(seed);
    std::vector<Region> regions;
    std::uint64_t at = random.one_of({0, 0x4000'0000, half, 0xffff'8000'0000'0000});
    const std::uint64_t first = at;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint64_t size = 4 * (1 + random.below(20));
      regions.push_back(plain(at, at + size));
      if (random.is_chosen(30)) regions.back().special_ranges = {};
      at += size + 4 * random.below(3);
    }
    const OwnedMap map(regions);
    for (std::uint32_t index = 0; index + 1 < map->intervals().size(); ++index) {
      const Interval& interval = (*map)[index];
      const std::uint64_t size = (*map)[index + 1].start - interval.start;
      const PlainCode code = map->plain(index);
      for (std::uint64_t pc = first - 16; pc != at + 16; ++pc) {
        const bool is_plain = interval.kind == IntervalKind::plain && is_inside(pc, fp, interval.start, size);
        ASSERT_EQ(code.contains(pc, fp), is_plain) << "seed " << seed << std::hex << ", 0x" << pc;
      }
    }
  }
}

}  // namespace
}  // namespace surefoot::testing
