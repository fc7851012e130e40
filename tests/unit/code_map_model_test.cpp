// SPDX-License-Identifier: MIT
//
// Code maps of random regions against loops over their tables (C10, C16): every instruction has the kind, the special
// kind, the region and the rule that the tables give it, and a map is refused only for a range that straddles a bound.
#include <gtest/gtest.h>

#include <iostream>

#include "support/owned_map.hpp"
#include "support/random_regions.hpp"
#include "support/rounds.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t first_seed = 1;
constexpr std::uint64_t map_count = rounds(5'000U);

void expect_agreement(const CodeMap& map, const std::vector<Region>& regions, std::uint64_t address) {
  const std::uint32_t index = map.find(address);
  ASSERT_LT(index + 1, map.intervals().size());
  const Interval& interval = map[index];
  ASSERT_TRUE(interval.start <= address && (address < map[index + 1].start || address == ~std::uint64_t{0}));
  const Said said = say(regions, address);
  ASSERT_EQ(interval.kind, said.kind);
  ASSERT_EQ(interval.special, said.special);
  if (said.kind == IntervalKind::nothing) return;
  ASSERT_EQ(interval.region, said.region);
  if (said.kind == IntervalKind::special) {
    ASSERT_EQ(map.rule_of(interval), said.rule);
  }
}

TEST(CodeMapModel, SaysWhatLoopsOverItsTablesSay) {
  std::size_t refused_count = 0;
  std::size_t interval_count = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + map_count; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    RandomSource random(seed);
    const RandomRegions world(random);
    std::vector<Interval> storage(CodeMap::intervals_needed(world.regions));
    const auto made = CodeMap::make(world.regions, storage);
    const auto straddled = find_straddled(world.regions);
    ASSERT_EQ(made.has_value(), !straddled.has_value());
    if (!made) {
      ASSERT_EQ(made.error(), (CodeMapError{CodeMapFault::straddling_range, *straddled}));
      ++refused_count;
      continue;
    }
    interval_count += made->intervals().size();
    // Twice around the code: the subtraction and the sum may wrap.
    for (std::uint64_t i = 0; i < code_size + 0x40; ++i) {
      const std::uint64_t address = world.code_at - 0x20 + i;
      expect_agreement(*made, world.regions, address);
      if (HasFatalFailure()) FAIL() << std::hex << "at 0x" << address;
    }
    for (const std::uint64_t address : {std::uint64_t{0}, half - 1, half, ~std::uint64_t{0}, random.word()})
      expect_agreement(*made, world.regions, address);
    ASSERT_FALSE(HasFatalFailure());
  }
  EXPECT_GT(refused_count, map_count / 20);
  EXPECT_GT(interval_count, map_count);
  std::cout << "seeds " << first_seed << " to " << first_seed + map_count - 1 << ": " << refused_count << " refused, "
            << interval_count << " intervals\n";
}

// Intervals ascend, none is empty, and each is found from its first byte to its last.
TEST(CodeMapModel, FindsEachIntervalFromItsFirstByteToItsLast) {
  for (std::uint64_t seed = first_seed; seed < first_seed + map_count; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    RandomSource random(seed);
    const RandomRegions world(random);
    if (find_straddled(world.regions)) continue;
    const OwnedMap map(world.regions);
    const std::span<const Interval> intervals = map->intervals();
    ASSERT_EQ(intervals.front().start, 0U);
    ASSERT_EQ(intervals.back().start, ~std::uint64_t{0});
    std::uint64_t widest = 0;
    for (std::uint32_t i = 0; i + 1 < intervals.size(); ++i) {
      const Interval& one = intervals[i];
      const Interval& next = intervals[i + 1];
      ASSERT_LT(one.start, next.start);
      ASSERT_EQ(map->find(one.start), i);
      ASSERT_EQ(map->find(next.start - 1), i);
      if (one.kind == IntervalKind::plain) widest = std::max(widest, next.start - one.start);
    }
    const Interval& found = (*map)[map->widest().index()];
    ASSERT_EQ(found.kind == IntervalKind::plain, widest != 0);
    if (widest != 0) {
      ASSERT_EQ((*map)[map->widest().index() + 1].start - found.start, widest);
    }
  }
}

}  // namespace
}  // namespace surefoot::testing
