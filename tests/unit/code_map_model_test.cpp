// SPDX-License-Identifier: MIT
//
// Code maps of random regions against loops over their tables (C10, C16): every instruction has the kind, the special
// kind, the region and the rule that the tables give it, and a map is refused only for a range that straddles a bound.
#include <gtest/gtest.h>

#include <deque>
#include <iostream>
#include <optional>

#include "support/owned_map.hpp"
#include "support/random_source.hpp"
#include "support/range_table.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t first_seed = 1;
constexpr std::uint64_t map_count = 5'000;
constexpr std::uint64_t half = std::uint64_t{1} << 55;
constexpr std::uint64_t code_size = 0x200;

// A table in both of its forms. Not copied: the views refer to it.
class TwoForms {
 public:
  TwoForms(RandomSource& random, std::uint64_t code_at, bool is_of_calls)
      : relative_(random.is_chosen(50) ? code_at + 0x1000 : code_at - 0x1000) {
    constexpr SpecialKind kinds[] = {SpecialKind::exception_entry, SpecialKind::return_hook, SpecialKind::other};
    std::uint64_t offset = 4 * random.below(40);
    while (offset + 0x20 < code_size && random.is_chosen(85)) {
      const AddressRange range(code_at + offset, code_at + offset + 4 * (1 + random.below(is_of_calls ? 3 : 6)));
      const SpecialKind kind = is_of_calls ? SpecialKind::call_without_record : kinds[random.below(3)];
      const Rule rule{.pc = From::stack, .offset = static_cast<std::int32_t>(offset)};  // no two alike
      absolute_.push_back({.range = range, .kind = kind, .rule = rule});
      relative_.add(range, kind, rule);
      offset = range.end() - code_at + (random.is_chosen(40) ? 0 : 4 * random.below(20));
    }
  }
  TwoForms(const TwoForms&) = delete;
  TwoForms& operator=(const TwoForms&) = delete;

  [[nodiscard]] SpecialRanges view(bool is_absolute) const {
    if (absolute_.empty()) return SpecialRanges::none();
    return is_absolute ? SpecialRanges::make(absolute_).value() : relative_.make().value();
  }

 private:
  RangeTable relative_;
  std::vector<SpecialRange> absolute_;
};

// What the tables say of an address, by loops.
struct Said {
  IntervalKind kind = IntervalKind::nothing;
  SpecialKind special = SpecialKind::none;
  std::size_t region = 0;
  Rule rule{};
};

std::optional<SpecialRange> find_range(const SpecialRanges& table, std::uint64_t address) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (address >= table[i].range.start() && address < table[i].range.end()) return table[i];
  }
  return std::nullopt;
}

Said say(const std::vector<Region>& regions, std::uint64_t address) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const Region& region = regions[i];
    if (address < region.text.start() || address >= region.text.end()) continue;
    for (const SpecialRanges* const table : {&region.special_ranges, &region.calls_without_record}) {
      const auto found = find_range(*table, address);
      if (found) return {.kind = IntervalKind::special, .special = found->kind, .region = i, .rule = found->rule};
    }
    const bool is_checked = region.special_ranges.is_valid() && region.calls_without_record.is_valid();
    return {.kind = is_checked ? IntervalKind::plain : IntervalKind::unchecked, .region = i};
  }
  return {};
}

// The first region with a range that is partly outside of it.
std::optional<std::size_t> find_straddled(const std::vector<Region>& regions) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const AddressRange text = regions[i].text;
    for (const SpecialRanges* const table : {&regions[i].special_ranges, &regions[i].calls_without_record}) {
      for (std::size_t entry = 0; entry < table->size(); ++entry) {
        const AddressRange range = (*table)[entry].range;
        const bool is_inside = range.start() >= text.start() && range.end() <= text.end();
        const bool is_outside = range.end() <= text.start() || range.start() >= text.end();
        if (!is_inside && !is_outside) return i;
      }
    }
  }
  return std::nullopt;
}

// Not copied: the regions refer to the tables.
struct RandomRegions {
  explicit RandomRegions(RandomSource& random)
      : code_at(random.one_of({0, 4, 0x4000'0000, half - code_size, half, 0xffff'8000'0000'0000, 0 - code_size - 4})) {
    const std::size_t table_count = 1 + random.below(2);
    for (std::size_t i = 0; i < table_count; ++i) {
      declared.emplace_back(random, code_at, false);
      calls.emplace_back(random, code_at, true);
    }
    std::uint64_t offset = random.is_chosen(50) ? 0 : 4 * random.below(30);
    while (offset < code_size && regions.size() < 6) {
      const bool is_rest = random.is_chosen(20);
      const std::uint64_t size = is_rest ? code_size - offset : 4 * (1 + random.below(60));
      const std::uint64_t end = std::min(offset + size, code_size);
      Region region{.text = AddressRange(code_at + offset, code_at + end)};
      if (random.is_chosen(90)) region.special_ranges = declared[random.below(table_count)].view(random.is_chosen(50));
      if (random.is_chosen(70))
        region.calls_without_record = calls[random.below(table_count)].view(random.is_chosen(50));
      if (random.is_chosen(5)) region.calls_without_record = {};
      regions.push_back(region);
      offset = end + (random.is_chosen(50) ? 0 : 4 * random.below(30));
    }
  }

  const std::uint64_t code_at;
  std::deque<TwoForms> declared;
  std::deque<TwoForms> calls;
  std::vector<Region> regions;
};

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
