// SPDX-License-Identifier: MIT
//
// Random regions with tables in both of their forms, and what the tables say of an address by loops over them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "support/random_source.hpp"
#include "support/range_table.hpp"
#include "surefoot/code_map.hpp"

namespace surefoot::testing {

inline constexpr std::uint64_t half = std::uint64_t{1} << 55;
inline constexpr std::uint64_t code_size = 0x200;

/// A table in both of its forms. Not copied: the views refer to it.
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

/// What the tables say of an address, by loops.
struct Said {
  IntervalKind kind = IntervalKind::nothing;
  SpecialKind special = SpecialKind::none;
  std::size_t region = 0;
  Rule rule{};
};

[[nodiscard]] inline std::optional<SpecialRange> find_range(const SpecialRanges& table, std::uint64_t address) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (address >= table[i].range.start() && address < table[i].range.end()) return table[i];
  }
  return std::nullopt;
}

[[nodiscard]] inline Said say(const std::vector<Region>& regions, std::uint64_t address) {
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

/// The first region with a range that is partly outside of it.
[[nodiscard]] inline std::optional<std::size_t> find_straddled(const std::vector<Region>& regions) {
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

/// Not copied: the regions refer to the tables.
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

}  // namespace surefoot::testing
