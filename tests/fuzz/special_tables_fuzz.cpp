// SPDX-License-Identifier: MIT
//
// Any bytes as tables of special code and of patch sites: each is refused at the first entry that is wrong, or holds
// together and finds what a loop over it finds.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "require.hpp"
#include "surefoot/patch_sites.hpp"
#include "surefoot/special_ranges.hpp"

using namespace surefoot;
using surefoot::testing::require;

namespace {

constexpr std::uint64_t table_at = 0xffff'8000'0000'0000;
constexpr std::size_t most = 200;

// A copy that fills a heap block from end to end.
template <typename Entry>
std::vector<Entry> entries_of(std::span<const std::uint8_t> bytes) {
  std::vector<Entry> entries(bytes.size() / sizeof(Entry));
  if (!entries.empty()) std::memcpy(entries.data(), bytes.data(), entries.size() * sizeof(Entry));
  return entries;
}

// A refused table is right up to the entry that the error names, and wrong with it.
template <typename Made, typename Entry, typename Make>
void check_refusal(const Made& made, const std::vector<Entry>& entries, const Make& make) {
  const std::size_t index = made.error().index;
  require(index < entries.size(), "the wrong entry is one of the table");
  const std::span<const Entry> all = entries;
  require(index == 0 || make(all.first(index)).has_value(), "what is before the wrong entry is right");
  const auto again = make(all.first(index + 1));
  require(!again && again.error() == made.error(), "the wrong entry is why the table is refused");
}

bool is_rule(const Rule& rule) {
  const bool is_by_register = rule.pc == From::link_register || rule.pc == From::x9 || rule.pc == From::stack;
  if (rule.pc > From::exception_frame || rule.in_flight > 2) return false;
  if (rule.base == Base::sp && (!is_by_register || rule.cfa_offset % 16 != 0 || rule.cfa_offset < 0)) return false;
  return rule.base != Base::fp && (rule.lr == From::nowhere || is_by_register);
}

void check_ranges(const SpecialRanges& table, std::size_t size) {
  require(table.is_valid() && table.size() == size, "the number of ranges");
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const SpecialRange one = table[i];
    require(end <= one.range.start() && one.range.start() < one.range.end(), "ranges ascend and do not overlap");
    require((one.range.start() | one.range.end()) % 4 == 0, "whole instructions");
    require(one.is_special() && one.kind <= SpecialKind::call_without_record, "the kind");
    require(is_rule(one.rule) && table.rule(i) == one.rule, "the rule");
    if (i < most) {
      require(table.find(one.range.start()).range.start() == one.range.start(), "found from its first byte");
      require(table.find(one.range.end() - 1).range.start() == one.range.start(), "found to its last");
      if (end < one.range.start()) require(!table.find(one.range.start() - 1).is_special(), "nothing between ranges");
    }
    end = one.range.end();
  }
  if (size != 0) require(!table.find(end).is_special(), "nothing behind the last range");
}

void check_entries(std::span<const std::uint8_t> bytes) {
  const auto entries = entries_of<SpecialRangeEntry>(bytes);
  const auto make = [](std::span<const SpecialRangeEntry> some) { return SpecialRanges::make(some, table_at); };
  const auto made = make(entries);
  if (made) return check_ranges(*made, entries.size());
  if (!entries.empty()) check_refusal(made, entries, make);
}

// Eight bytes for a bound each, and one for each part of a rule.
void check_absolute(std::span<const std::uint8_t> bytes) {
  struct Packed {
    std::uint64_t start;
    std::uint64_t size;
    std::uint8_t kind, pc, lr, in_flight, base, offset, fp_offset, cfa_offset;
  };
  std::vector<SpecialRange> ranges;
  for (const Packed& one : entries_of<Packed>(bytes)) {
    const Rule rule{.pc = static_cast<From>(one.pc),
                    .lr = static_cast<From>(one.lr),
                    .in_flight = one.in_flight,
                    .base = static_cast<Base>(one.base % 3),
                    .offset = one.offset,
                    .fp_offset = one.fp_offset,
                    .cfa_offset = static_cast<std::int8_t>(one.cfa_offset)};
    ranges.push_back({.range = AddressRange(one.start, one.start + one.size),
                      .kind = static_cast<SpecialKind>(one.kind),
                      .rule = rule});
  }
  const auto make = [](std::span<const SpecialRange> some) { return SpecialRanges::make(some); };
  const auto made = make(ranges);
  if (made) return check_ranges(*made, ranges.size());
  if (!ranges.empty()) check_refusal(made, ranges, make);
}

void check_sites(std::span<const std::uint8_t> bytes, std::uint64_t start_offset, std::uint64_t end_offset) {
  const auto entries = entries_of<std::uint64_t>(bytes);
  const auto make = [=](std::span<const std::uint64_t> some) {
    return PatchSites::make(some, start_offset, end_offset);
  };
  const auto made = make(entries);
  if (!made) return check_refusal(made, entries, make);
  // Where sites lead around the end of the address space, or into each other, a loop finds more.
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::uint64_t start = entries[i] + start_offset;
    const bool is_in_order = i == 0 || start >= entries[i - 1] + end_offset;
    const bool is_apart = entries.front() + start_offset <= start && start <= start + (end_offset - start_offset);
    if (!is_in_order || !is_apart) return;
  }
  for (std::size_t i = 0; i < entries.size() && i < most; ++i) {
    const std::uint64_t start = entries[i] + start_offset;
    const std::uint64_t end = entries[i] + end_offset;
    require(made->contains(start) && made->contains(end - 4), "found from its first instruction to its last");
    const bool is_next_at_end = i + 1 < entries.size() && entries[i + 1] + start_offset == end;
    if (!is_next_at_end) require(!made->contains(end), "nothing behind a site");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const std::span<const std::uint8_t> bytes(data + 4, size - 4);
  switch (data[0] % 3) {
    case 0: check_entries(bytes); break;
    case 1: check_absolute(bytes); break;
    default:
      check_sites(bytes, static_cast<std::uint64_t>(static_cast<std::int8_t>(data[1])),
                  static_cast<std::uint64_t>(static_cast<std::int8_t>(data[2])));
  }
  return 0;
}
