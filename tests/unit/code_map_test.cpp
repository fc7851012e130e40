// SPDX-License-Identifier: MIT
//
// Making a code map: the regions that are refused (C9, C13, C14, C16), and what the intervals of the others are, at all
// edges. That a map says what its tables say is in code_map_model_test.cpp.
#include "surefoot/code_map.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <type_traits>

#include "support/owned_map.hpp"
#include "support/range_table.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t half = std::uint64_t{1} << 55;
constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr auto veneer = SpecialKind::veneer;
constexpr auto other = SpecialKind::other;
constexpr auto call = SpecialKind::call_without_record;

Region region(std::uint64_t start, std::uint64_t end, const SpecialRanges& ranges = SpecialRanges::none(),
              const SpecialRanges& calls = SpecialRanges::none()) {
  return {.text = AddressRange(start, end), .special_ranges = ranges, .calls_without_record = calls};
}

SpecialRange range(std::uint64_t start, std::uint64_t end, SpecialKind kind) {
  return {.range = AddressRange(start, end), .kind = kind};
}

SpecialRanges table(const std::vector<SpecialRange>& ranges) { return SpecialRanges::make(ranges).value(); }

// `start what`, an interval each: of a special one its kind, entry and region, of the others their kind and region.
std::string text(const CodeMap& map) {
  std::ostringstream out;
  out << std::hex;
  for (const Interval& interval : map.intervals()) {
    out << interval.start;
    switch (interval.kind) {
      case IntervalKind::nothing: out << " -"; break;
      case IntervalKind::plain: out << " plain " << interval.region; break;
      case IntervalKind::unchecked: out << " unchecked " << interval.region; break;
      case IntervalKind::special:
        out << ' ' << to_string(interval.special) << ' ' << interval.entry << " of " << interval.region;
        break;
    }
    out << '\n';
  }
  return out.str();
}

std::string text(const std::vector<Region>& regions) { return text(*OwnedMap(regions)); }

constexpr const char* end_of_map = "ffffffffffffffff -\n";

TEST(CodeMap, WithoutRegionsHoldsNothing) {
  constinit static CodeMap static_map;
  constexpr CodeMap constant;
  static_assert(constant.regions().empty() && constant.widest().index() == 0);
  static_assert(CodeMap::intervals_needed({}) == 2);
  static_assert(std::is_trivially_destructible_v<CodeMap> && std::is_trivially_copyable_v<CodeMap>);
  const std::string nothing = std::string("0 -\n") + end_of_map;
  EXPECT_EQ(text(static_map), nothing);
  EXPECT_EQ(text(constant), nothing);
  EXPECT_EQ(text(std::vector<Region>()), nothing);
  for (const std::uint64_t address : {std::uint64_t{0}, half, ~std::uint64_t{0}}) EXPECT_EQ(constant.find(address), 0U);
}

TEST(CodeMap, CanBeMadeInStaticStorage) {
  constexpr static Region regions[] = {{.text = AddressRange(0x1000, 0x2000), .special_ranges = SpecialRanges::none()}};
  constinit static Interval storage[CodeMap::intervals_needed(regions)];
  constinit static CodeMap map;
  map = CodeMap::make(regions, storage).value();
  EXPECT_EQ(text(map), std::string("0 -\n1000 plain 0\n2000 -\n") + end_of_map);
  EXPECT_EQ(map.regions().data(), regions);
}

TEST(CodeMap, C14_C16_NamesWhatIsWrongAndTheRegion) {
  using enum CodeMapFault;
  static const std::vector<SpecialRange> ranges{range(0x1ff0, 0x2010, other), range(0x2ff0, 0x3004, veneer)};
  const SpecialRanges straddling = table(ranges);
  struct Case {
    CodeMapFault code;
    Region wrong;
  } const cases[] = {
      {empty_region, region(0x2000, 0x2000)},
      {empty_region, region(0x2000, 0x1000)},
      {empty_region, region(0x2000, 0)},  // ends at 2^64
      {empty_region, {}},
      {misaligned_region, region(0x2002, 0x3000)},
      {misaligned_region, region(0x2000, 0x2fff)},
      {misaligned_region, region(0x2001, 0x2005)},
      {too_large_region, region(0x2000, 0x2000 + 16 * gib)},
      {too_large_region, region(0x2000, half / 2)},
      {too_large_region, region(half - 4, half + 4)},
      {too_large_region, region(2 * half - 4, 2 * half + 4)},
      {unsorted_regions, region(0x0ffc, 0x1004)},
      {unsorted_regions, region(0x0100, 0x0200)},
      {overlapping_regions, region(0x1000, 0x2000)},
      {overlapping_regions, region(0x1ffc, 0x2800)},
      {straddling_range, region(0x2000, 0x3000, straddling)},
      {straddling_range, region(0x2010, 0x3000, straddling)},
      {straddling_range, region(0x2000, 0x2ff0, straddling)},
      {straddling_range, region(0x2000, 0x2004, straddling)},
      {straddling_range, region(0x2010, 0x2ff4, straddling)},
      {straddling_range, region(0x2000, 0x2ff0, SpecialRanges::none(), straddling)},
      {straddling_range, region(0x2010, 0x3000, SpecialRanges::none(), straddling)},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << to_string(c.code) << std::hex << " 0x" << c.wrong.text.start() << " to 0x"
                                      << c.wrong.text.end());
    const auto refused = check_regions({region(0x800, 0x900), region(0x1000, 0x2000), c.wrong, {}});
    ASSERT_FALSE(refused.has_value());
    EXPECT_STREQ(to_string(refused.error().code), to_string(c.code));
    EXPECT_EQ(refused.error().index, 2U);
  }
}

// At a bound of the region, declared code may be all that is seen of a call that straddles it.
TEST(CodeMap, C16_NamesAStraddlingCallThatIsHidden) {
  const std::vector<SpecialRange> ranges{range(0x1000, 0x1010, other), range(0x1ff0, 0x2000, other),
                                         range(0x2000, 0x2010, other)};
  for (const auto& [start, end] : {std::pair{0x0ffcU, 0x1004U}, {0x1ffcU, 0x2004U}}) {
    const std::vector<SpecialRange> calls{range(start, end, call)};
    EXPECT_EQ(check_regions({region(0x1000, 0x2000, table(ranges), table(calls))}).error(),
              (CodeMapError{CodeMapFault::straddling_range, 0}));
  }
}

TEST(CodeMap, NamesTooManyRegions) {
  const std::vector<Region> regions(max_regions + 1);
  const auto refused = check_regions(regions);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), (CodeMapError{CodeMapFault::too_many_regions, max_regions}));
  // One less is looked at.
  EXPECT_EQ(check_regions(std::vector<Region>(max_regions)).error(), (CodeMapError{CodeMapFault::empty_region, 0}));
}

TEST(CodeMap, NamesTooSmallStorageAndDoesNotTouchIt) {
  const std::vector<Region> regions{region(0x1000, 0x2000)};
  std::vector<Interval> storage(CodeMap::intervals_needed(regions) - 1, Interval{.start = 1});
  const auto refused = CodeMap::make(regions, storage);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error(), (CodeMapError{CodeMapFault::storage_too_small, 0}));
  for (const Interval& interval : storage) EXPECT_EQ(interval.start, 1U);
}

TEST(CodeMap, TakesTheLargestRegionAndThoseAtTheEndsOfBothHalves) {
  constexpr std::uint64_t top = 0 - std::uint64_t{4};
  EXPECT_EQ(
      text({region(0, 0x100), region(half - 0x100, half), region(half, half + 16 * gib - 4), region(top - 0x100, top)}),
      "0 plain 0\n100 -\n7fffffffffff00 plain 1\n80000000000000 plain 2\n800003fffffffc -\n"
      "fffffffffffffefc plain 3\nfffffffffffffffc -\n" +
          std::string(end_of_map));
}

// M14: the region's first instruction, and its first range, are at 0.
TEST(CodeMap, M14_HoldsCodeAtAddressZero) {
  const std::vector<SpecialRange> ranges{range(0, 4, veneer), range(8, 12, other)};
  const std::vector<SpecialRange> calls{range(0, 8, call)};
  EXPECT_EQ(
      text({region(0, 0x10, table(ranges), table(calls))}),
      "0 veneer 0 of 0\n4 call_without_record 0 of 0\n8 other 1 of 0\nc plain 0\n10 -\n" + std::string(end_of_map));
}

TEST(CodeMap, HoldsAdjacentRangesAndThoseAtTheEndsOfARegion) {
  const std::vector<SpecialRange> ranges{range(0x1000, 0x1004, veneer), range(0x1004, 0x1010, other),
                                         range(0x1ff0, 0x1ff8, other), range(0x1ff8, 0x2000, veneer)};
  EXPECT_EQ(
      text({region(0x1000, 0x2000, table(ranges))}),
      "0 -\n1000 veneer 0 of 0\n1004 other 1 of 0\n1010 plain 0\n1ff0 other 2 of 0\n1ff8 veneer 3 of 0\n2000 -\n" +
          std::string(end_of_map));
}

TEST(CodeMap, C10_C16_SharesATableAmongRegions) {
  const std::vector<SpecialRange> ranges{range(0x0800, 0x0810, other), range(0x1100, 0x1110, veneer),
                                         range(0x2000, 0x3000, other), range(0x3000, 0x3004, veneer),
                                         range(0x9000, 0x9010, other)};
  const SpecialRanges shared = table(ranges);
  EXPECT_EQ(text({region(0x1000, 0x2000, shared), region(0x2000, 0x3000, shared), region(0x3000, 0x4000, shared),
                  region(0x5000, 0x6000, shared)}),
            "0 -\n1000 plain 0\n1100 veneer 1 of 0\n1110 plain 0\n2000 other 2 of 1\n3000 veneer 3 of 2\n"
            "3004 plain 2\n4000 -\n5000 plain 3\n6000 -\n" +
                std::string(end_of_map));
}

// C13: a region that says nothing of its special code, and one that says that it has none.
TEST(CodeMap, C13_HoldsARegionWithoutSpecialRangesAsUnchecked) {
  const std::vector<SpecialRange> calls{range(0x1100, 0x1104, call)};
  const std::vector<SpecialRange> ranges{range(0x2100, 0x2104, other)};
  EXPECT_EQ(text({region(0x1000, 0x2000, {}, table(calls)), region(0x2000, 0x3000, table(ranges), {}),
                  region(0x3000, 0x4000)}),
            "0 -\n1000 unchecked 0\n1100 call_without_record 0 of 0\n1104 unchecked 0\n2000 unchecked 1\n"
            "2100 other 0 of 1\n2104 unchecked 1\n3000 plain 2\n4000 -\n" +
                std::string(end_of_map));
}

// C12: declared code says more than a call without a record.
TEST(CodeMap, C12_ClipsCallsWithoutARecordByDeclaredCode) {
  const std::vector<SpecialRange> ranges{range(0x1100, 0x1110, other), range(0x1200, 0x1210, veneer)};
  const std::vector<SpecialRange> calls{range(0x10fc, 0x1104, call), range(0x1104, 0x1108, call),
                                        range(0x110c, 0x1114, call), range(0x11f0, 0x1220, call),
                                        range(0x1300, 0x1304, call)};
  EXPECT_EQ(text({region(0x1000, 0x2000, table(ranges), table(calls))}),
            "0 -\n1000 plain 0\n10fc call_without_record 0 of 0\n1100 other 0 of 0\n1110 call_without_record 2 of 0\n"
            "1114 plain 0\n11f0 call_without_record 3 of 0\n1200 veneer 1 of 0\n1210 call_without_record 3 of 0\n"
            "1220 plain 0\n1300 call_without_record 4 of 0\n1304 plain 0\n2000 -\n" +
                std::string(end_of_map));
}

TEST(CodeMap, BeginsWithThePlainIntervalThatHoldsMostCode) {
  const std::vector<SpecialRange> ranges{range(0x1100, 0x1110, other), range(0x2ff0, 0x3000, veneer)};
  const SpecialRanges shared = table(ranges);
  const std::vector<Region> regions{region(0x1000, 0x3000, shared), region(0x3000, 0x4000), region(0x8000, 0xf000, {})};
  const OwnedMap map(regions);
  EXPECT_EQ((*map)[map->widest().index()].start, 0x1110U);
  // None is plain: unchecked and special code is never near.
  const std::vector<SpecialRange> all{range(0x1000, 0x2000, other)};
  EXPECT_EQ(OwnedMap({region(0x1000, 0x2000, table(all)), region(0x2000, 0x9000, {})})->widest().index(), 0U);
}

}  // namespace
}  // namespace surefoot::testing
