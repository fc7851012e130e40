// SPDX-License-Identifier: MIT
//
// What the code of a kernel is: regions (the image, modules, generated code), each with its tables, and one sorted
// array of intervals made of them. A walk asks the map once an address.
//
// A map does not change. When a module comes or goes, the kernel makes another one and publishes it
// (Kernel::publish); the old one, its regions and their tables stay in place until every walk that may use them has
// ended, which the kernel's own grace period tells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "surefoot/address.hpp"
#include "surefoot/config.hpp"
#include "surefoot/error.hpp"
#include "surefoot/frame_table.hpp"
#include "surefoot/patch_sites.hpp"
#include "surefoot/plain_code.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot {

/// A piece of code and its tables. What is left out shows in the verdict of walks through it.
struct Region {
  /// Multiples of 4, below 16 GiB. Several regions may share one table: each uses the entries inside its own text.
  AddressRange text{};
  /// Left out, no walk through the region is reliable. SpecialRanges::none() says that there is no special code.
  SpecialRanges special_ranges{};
  /// The calls that are made before a record exists, as `surefoot frames` finds them. A refused table has the same
  /// effect as a refused one of special ranges.
  SpecialRanges calls_without_record = SpecialRanges::none();
  /// The rules of interrupted code. Without it, only patch sites and special ranges have rules.
  FrameTable frame_table{};
  PatchSites patch_sites{};

#if SUREFOOT_HAS_ASM
  /// The program's own image, with the tables that are linked into it (surefoot-ranges.ld.inc, surefoot-frames.ld.inc).
  /// A table that is refused is left out: check_port() says so, and its own linked() why. Any context.
  [[nodiscard]] static Region linked(AddressRange text) noexcept;
#endif
};

/// What an interval holds.
enum class IntervalKind : std::uint8_t {
  nothing,    ///< no code
  plain,      ///< code of which nothing is special
  unchecked,  ///< code of a region of which a table of special code is not valid
  special,    ///< one special range
};

/// Code from `start` up to where the next interval starts.
struct Interval {
  std::uint64_t start = 0;
  std::uint32_t entry = 0;   ///< of a special one: the index in its table
  std::uint16_t region = 0;  ///< the index of the region, unless the interval holds nothing
  IntervalKind kind = IntervalKind::nothing;
  SpecialKind special = SpecialKind::none;  ///< of a special one; tells also which table its entry is in
};
static_assert(sizeof(Interval) == 16);

/// What can be wrong with the regions.
enum class CodeMapFault : std::uint8_t {
  empty_region,         ///< start is not below end, or the text would wrap round
  misaligned_region,    ///< a bound is not a multiple of 4
  too_large_region,     ///< 16 GiB or more, or in both halves of the address space
  unsorted_regions,     ///< starts below the region before it
  overlapping_regions,  ///< starts inside the region before it
  straddling_range,     ///< a special range, or a call without a record, that is partly outside of the region's text
  too_many_regions,     ///< more than max_regions
  storage_too_small,    ///< fewer intervals than CodeMap::intervals_needed()
};

/// Why a map was refused, and the first region that is wrong.
using CodeMapError = Error<CodeMapFault>;

inline constexpr std::size_t max_regions = 0xffff;

/// The map. A view of regions and intervals, which must stay in place.
class CodeMap {
 public:
  /// A map without code.
  constexpr CodeMap() = default;

  /// How many intervals the storage for a map of these regions has to have. Any context.
  [[nodiscard]] static constexpr std::size_t intervals_needed(std::span<const Region> regions) noexcept {
    std::size_t needed = 2;  // before the first region and at the end
    for (const Region& region : regions) {
      // Each range may split the text into two, and so may the end of the region.
      needed += 2 * (region.special_ranges.size() + region.calls_without_record.size()) + 2;
    }
    return needed;
  }

  /// Checks the regions as make() does, without making a map. Reads the tables; any context.
  [[nodiscard]] static std::expected<void, CodeMapError> check(std::span<const Region> regions) noexcept;

  /// Checks the regions, which are in ascending order, writes the intervals to `storage`, and makes the map.
  /// O(regions + entries), where a table that regions share counts once for each. Reads the tables; any context.
  [[nodiscard]] static std::expected<CodeMap, CodeMapError> make(std::span<const Region> regions,
                                                                 std::span<Interval> storage) noexcept;

  [[nodiscard]] constexpr std::span<const Region> regions() const noexcept { return regions_; }
  /// In ascending order. The first starts at 0; what the last one starts ends nowhere, and holds nothing.
  [[nodiscard]] constexpr std::span<const Interval> intervals() const noexcept { return {intervals_, count_ + 1}; }
  /// The plain interval that holds most code, with which a walk begins; none of index 0 if there is none.
  [[nodiscard]] constexpr const PlainCode& widest() const noexcept { return widest_; }
  /// The index of the first interval that begins with a return hook; 0 if there is none.
  [[nodiscard]] constexpr std::uint32_t first_hook() const noexcept { return first_hook_; }

  /// The index of the interval that `address` is in; one follows it. O(log intervals), without branches that depend on
  /// the data. Any context.
  [[nodiscard, gnu::always_inline]] std::uint32_t find(std::uint64_t address) const noexcept {
    // The invariant: the interval is one of the `count` from `low` on.
    const Interval* low = intervals_;
    std::size_t count = count_;
    while (count > 1) {
      const std::size_t half = count / 2;
      low = low[half].start <= address ? low + half : low;
      count -= half;
    }
    return static_cast<std::uint32_t>(low - intervals_);
  }

  [[nodiscard]] const Interval& operator[](std::uint32_t index) const noexcept { return intervals_[index]; }
  /// The interval at `index`; none if that is not plain.
  [[nodiscard, gnu::always_inline]] PlainCode plain(std::uint32_t index) const noexcept {
    const Interval& interval = intervals_[index];
    const std::uint64_t end = intervals_[index + 1].start;
    return interval.kind == IntervalKind::plain ? PlainCode(interval.start, end, index) : PlainCode{};
  }
  [[nodiscard]] const Region& region_of(const Interval& interval) const noexcept { return regions_[interval.region]; }
  /// The rule of a special interval.
  [[nodiscard]] Rule rule_of(const Interval& interval) const noexcept {
    const Region& region = region_of(interval);
    const bool is_call = interval.special == SpecialKind::call_without_record;
    return (is_call ? region.calls_without_record : region.special_ranges).rule(interval.entry);
  }

 private:
  static const Interval no_code[2];

  std::span<const Region> regions_;
  const Interval* intervals_ = no_code;
  std::uint32_t count_ = 1;  // without the one at the end
  std::uint32_t first_hook_ = 0;
  PlainCode widest_;
};

/// The name, equal to the spelling of the enumerator; never null. Any context.
[[nodiscard]] const char* to_string(CodeMapFault fault) noexcept;

inline constexpr Interval CodeMap::no_code[2] = {{}, {.start = ~std::uint64_t{0}}};

#if SUREFOOT_HAS_ASM
// Inline, so that only a program that asks for it has to place the sections.
inline Region Region::linked(AddressRange text) noexcept {
  return {.text = text,
          .special_ranges = SpecialRanges::linked().value_or(SpecialRanges()),
          .calls_without_record = SpecialRanges::linked_calls().value_or(SpecialRanges()),
          .frame_table = FrameTable::linked().value_or(FrameTable())};
}
#endif

}  // namespace surefoot
