// SPDX-License-Identifier: MIT
//
// Making the intervals of a code map out of its regions.
#include "surefoot/code_map.hpp"

namespace surefoot {
namespace {

using enum CodeMapFault;

// Below 2^32 instructions, so that the walk's comparison of a return address fits in a word.
constexpr std::uint64_t max_region_size = (std::uint64_t{1} << 32) * instruction_size;

// Writes intervals in ascending order.
class Writer {
 public:
  explicit Writer(std::span<Interval> storage) noexcept : storage_(storage) { add(0, {}); }

  // What begins at `start`. An interval that would be empty is replaced.
  void add(std::uint64_t start, Interval interval) noexcept {
    interval.start = start;
    if (count_ != 0 && storage_[count_ - 1].start == start) --count_;
    storage_[count_++] = interval;
  }
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }

 private:
  std::span<Interval> storage_;
  std::uint32_t count_ = 0;
};

// The next entry of a table that concerns a region.
struct Reader {
  const SpecialRanges& table;
  std::uint32_t next = 0;

  [[nodiscard]] bool has_next() const noexcept { return next < table.size(); }
  [[nodiscard]] AddressRange range() const noexcept { return table[next].range; }
  // Where what is left of the range begins, if all below `done` is done.
  [[nodiscard]] std::uint64_t rest_at(std::uint64_t done) const noexcept {
    return range().start() < done ? done : range().start();
  }
  // Passes over what is below `start`.
  void skip_to(std::uint64_t start) noexcept {
    while (has_next() && range().end() <= start) ++next;
  }
};

// True if a range is partly outside of the text.
bool straddles(const SpecialRanges& table, const AddressRange& text) noexcept {
  const SpecialRange first = table.find(text.start());
  const SpecialRange last = table.find(text.end() - instruction_size);
  return (first.is_special() && first.range.start() < text.start()) ||
         (last.is_special() && last.range.end() > text.end());
}

// Adds the intervals of a region, which no range straddles.
void add_region(Writer& writer, const Region& region, std::uint16_t number) noexcept {
  const AddressRange text = region.text;
  const Interval rest{.region = number,
                      .kind = region.special_ranges.is_valid() && region.calls_without_record.is_valid()
                                  ? IntervalKind::plain
                                  : IntervalKind::unchecked};
  writer.add(text.start(), rest);
  Reader tables[] = {{region.special_ranges}, {region.calls_without_record}};
  std::uint64_t done = text.start();
  // Bounded: each turn passes over an entry, or ends where the next declared one begins.
  for (;;) {
    for (Reader& table : tables) table.skip_to(done);
    // The one whose rest is lower; the declared one where they meet, since it says more.
    const bool has_both = tables[0].has_next() && tables[1].has_next();
    const bool is_second = has_both ? tables[1].rest_at(done) < tables[0].rest_at(done) : tables[1].has_next();
    const Reader& table = tables[is_second ? 1 : 0];
    if (!table.has_next() || table.range().start() >= text.end()) break;
    const AddressRange range = table.range();
    // Where a call reaches into declared code, that code says more.
    const std::uint64_t end =
        is_second && has_both && tables[0].range().start() < range.end() ? tables[0].range().start() : range.end();
    writer.add(table.rest_at(done), {.entry = table.next,
                                     .region = number,
                                     .kind = IntervalKind::special,
                                     .special = table.table[table.next].kind});
    done = end;
    writer.add(done, rest);
  }
}

}  // namespace

std::expected<void, CodeMapError> CodeMap::check(std::span<const Region> regions) noexcept {
  const auto refuse = [](CodeMapFault fault, std::size_t index) { return std::unexpected(CodeMapError{fault, index}); };
  if (regions.size() > max_regions) return refuse(too_many_regions, max_regions);
  std::uint64_t previous_start = 0;
  std::uint64_t previous_end = 0;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const AddressRange text = regions[i].text;
    // A range that comes from C may wrap round.
    if (text.end() <= text.start()) return refuse(empty_region, i);
    if ((text.start() | text.end()) % instruction_size != 0) return refuse(misaligned_region, i);
    const bool is_in_both_halves = ((text.start() ^ (text.end() - instruction_size)) & address_half_bit) != 0;
    if (text.end() - text.start() >= max_region_size || is_in_both_halves) return refuse(too_large_region, i);
    if (text.start() < previous_start) return refuse(unsorted_regions, i);
    if (text.start() < previous_end) return refuse(overlapping_regions, i);
    if (straddles(regions[i].special_ranges, text) || straddles(regions[i].calls_without_record, text)) {
      return refuse(straddling_range, i);
    }
    previous_start = text.start();
    previous_end = text.end();
  }
  return {};
}

std::expected<CodeMap, CodeMapError> CodeMap::make(std::span<const Region> regions,
                                                   std::span<Interval> storage) noexcept {
  if (const auto checked = check(regions); !checked) return std::unexpected(checked.error());
  if (storage.size() < intervals_needed(regions)) return std::unexpected(CodeMapError{storage_too_small, 0});
  Writer writer(storage);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    add_region(writer, regions[i], static_cast<std::uint16_t>(i));
    writer.add(regions[i].text.end(), {});
  }
  CodeMap map;
  map.regions_ = regions;
  map.intervals_ = storage.data();
  map.count_ = writer.count();
  // Where nothing follows, so that each interval has one behind it.
  storage[writer.count()] = {.start = ~std::uint64_t{0}};
  std::uint64_t widest_size = 0;
  for (std::uint32_t i = 0; i < map.count_; ++i) {
    if (map.first_hook_ == 0 && is_return_hook(storage[i].special)) map.first_hook_ = i;
    const std::uint64_t size = storage[i + 1].start - storage[i].start;
    if (storage[i].kind != IntervalKind::plain || size <= widest_size) continue;
    widest_size = size;
    map.widest_ = map.plain(i);
  }
  return map;
}

}  // namespace surefoot
