// SPDX-License-Identifier: MIT
//
// Any regions, with any tables, in any storage: refused for what is wrong with them, and by no write outside of the
// storage; an accepted map says of each address what loops over the tables say.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "require.hpp"
#include "support/random_regions.hpp"
#include "support/random_source.hpp"

using namespace surefoot;
using namespace surefoot::testing;

namespace {

// Now and then a region's text is somewhere else, or is none.
void damage(RandomSource& random, std::vector<Region>& regions, std::uint64_t code_at) {
  if (regions.empty() || !random.is_chosen(40)) return;
  const std::size_t number = random.below(regions.size());
  AddressRange& text = regions[number].text;
  switch (random.below(5)) {
    case 0: text = AddressRange(code_at + random.below(code_size), code_at + random.below(code_size)); break;
    case 1: text = AddressRange(text.start(), text.end() + random.below(8)); break;
    case 2: text = AddressRange(text.start(), text.start() + (std::uint64_t{4} << 32) - 8 + 4 * random.below(4)); break;
    case 3: text = AddressRange(random.word(), random.word()); break;
    default: std::swap(regions[number], regions[random.below(regions.size())]); break;
  }
}

// The first fault, with the order of checks of the interface: text, order, tables.
std::optional<CodeMapError> fault_of(const std::vector<Region>& regions) {
  using enum CodeMapFault;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const AddressRange text = regions[i].text;
    if (text.is_empty()) return CodeMapError{empty_region, i};
    if (text.start() % 4 != 0 || text.end() % 4 != 0) return CodeMapError{misaligned_region, i};
    const bool is_too_large = text.end() - text.start() >= std::uint64_t{16} << 30;
    if (is_too_large || (text.start() & half) != (text.end() - 1 & half)) return CodeMapError{too_large_region, i};
    if (i > 0 && text.start() < regions[i - 1].text.start()) return CodeMapError{unsorted_regions, i};
    if (i > 0 && text.start() < regions[i - 1].text.end()) return CodeMapError{overlapping_regions, i};
    const std::vector<Region> one = {regions[i]};
    if (find_straddled(one)) return CodeMapError{straddling_range, i};
  }
  return std::nullopt;
}

void check_address(const CodeMap& map, const std::vector<Region>& regions, std::uint64_t address) {
  const std::uint32_t index = map.find(address);
  require(index + 1 < map.intervals().size(), "an interval with one behind it");
  const Interval& interval = map[index];
  require(interval.start <= address, "the interval begins at or below the address");
  require(address < map[index + 1].start || address == ~std::uint64_t{0}, "and ends above it");
  const Said said = say(regions, address);
  require(interval.kind == said.kind && interval.special == said.special, "the kind");
  if (said.kind == IntervalKind::nothing) return;
  require(interval.region == said.region, "the region");
  if (said.kind == IntervalKind::special) require(map.rule_of(interval) == said.rule, "the rule");
  const PlainCode plain = map.plain(index);
  const bool is_plain = said.kind == IntervalKind::plain && address % 4 == 0 && address != interval.start;
  require(plain.contains(address, 0) == is_plain, "return addresses of plain code");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RandomSource random(std::as_bytes(std::span(data, size)));
  RandomRegions world(random);
  std::vector<Region>& regions = world.regions;
  damage(random, regions, world.code_at);
  const std::size_t needed = CodeMap::intervals_needed(regions);
  // A heap block of this very size, so that a sanitizer sees a write outside of it.
  std::vector<Interval> storage(random.is_chosen(90) ? needed : random.below(needed + 2));
  const auto made = CodeMap::make(regions, storage);
  const std::optional<CodeMapError> fault = fault_of(regions);
  if (!fault && storage.size() < needed) {
    require(!made && made.error() == CodeMapError{CodeMapFault::storage_too_small, 0}, "storage that is too small");
    return 0;
  }
  require(made.has_value() == !fault.has_value(), "a map is refused if something is wrong");
  if (!made) {
    require(made.error() == *fault, "the first thing that is wrong");
    return 0;
  }
  const std::span<const Interval> intervals = made->intervals();
  require(intervals.front().start == 0 && intervals.back().start == ~std::uint64_t{0}, "from end to end");
  std::uint64_t widest = 0;
  for (std::uint32_t i = 0; i + 1 < intervals.size(); ++i) {
    const std::uint64_t start = intervals[i].start;
    const std::uint64_t end = intervals[i + 1].start;
    require(start < end, "intervals ascend, and none is empty");
    for (const std::uint64_t address : {start, start + 1, start + 4, end - 4, end - 1}) {
      check_address(*made, regions, address);
    }
    if (intervals[i].kind == IntervalKind::plain) widest = std::max(widest, end - start);
  }
  check_address(*made, regions, random.word());
  if (widest != 0) {
    const std::uint32_t index = made->widest().index();
    require((*made)[index + 1].start - (*made)[index].start == widest, "the widest plain interval");
  }
  return 0;
}
