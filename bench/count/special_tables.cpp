// SPDX-License-Identifier: MIT
#include "count/special_tables.hpp"

#include <span>

#include "count/chain.hpp"
#include "count/counter.hpp"

namespace bench {
namespace {

using surefoot::SpecialRangeEntry;
using surefoot::SpecialRanges;

constexpr std::uint64_t table_at = text_end;  // where the table pretends to lie
constinit SpecialRangeEntry entries[max_range_count] = {};

struct Size {
  std::size_t count;
  const char* name;
};
constexpr Size sizes[] = {{8, "8"}, {64, "64"}, {1000, "1000"}, {10'000, "10000"}};

[[gnu::noinline]] std::uint64_t find_kind(const SpecialRanges& ranges, std::uint64_t pc) noexcept {
  return static_cast<std::uint64_t>(ranges.find(pc).kind);
}

std::int32_t offset_from(std::uint64_t field_at, std::uint64_t target) noexcept {
  return static_cast<std::int32_t>(target - field_at);
}

// The most that any of the ranges takes: `offset` is from a range's start.
void count_worst(const char* what, const Size& size, const SpecialRanges& ranges, std::uint64_t offset,
                 surefoot::SpecialKind expected) noexcept {
  std::uint64_t worst = 0;
  // Not the first range, which is a return hook, nor behind the last.
  for (std::size_t i = 1; i + 1 < size.count; ++i) {
    CountedCall call{.function = reinterpret_cast<std::uintptr_t>(&find_kind),
                     .arguments = {address_of(ranges), special_range_start(i) + offset}};
    const Cost first = count(call);
    if (call.result != static_cast<std::uint64_t>(expected)) return report_failure({what, size.name}, "wrong kind");
    if (count(call) != first) return report_failure({what, size.name}, "not the same count twice");
    if (first.instructions > worst) worst = first.instructions;
  }
  report_count({what, size.name}, worst);
}

}  // namespace

std::uint64_t special_range_start(std::size_t index) noexcept { return special_code_start + index * function_size; }

SpecialRanges make_special_ranges(std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t entry_at = table_at + i * sizeof(SpecialRangeEntry);
    const std::uint64_t start = special_range_start(i);
    entries[i] = {.start_offset = offset_from(entry_at + offsetof(SpecialRangeEntry, start_offset), start),
                  .end_offset = offset_from(entry_at + offsetof(SpecialRangeEntry, end_offset), start + range_size),
                  .kind = i == 0 ? std::uint8_t{SUREFOOT_SPECIAL_RETURN_HOOK} : std::uint8_t{SUREFOOT_SPECIAL_OTHER},
                  .rule = SUREFOOT_FROM_FRAME_RECORD,
                  .rule_offset = 0,
                  .registers_offset = 0,
                  .reserved = 0};
  }
  const auto ranges = SpecialRanges::make(std::span(entries).first(count), table_at);
  if (!ranges) report_failure({"special_ranges"}, "table refused");
  return ranges.value_or(SpecialRanges());
}

void count_special_ranges() noexcept {
  for (const Size& size : sizes) {
    const SpecialRanges ranges = make_special_ranges(size.count);
    count_worst("special_hit", size, ranges, 0x10, surefoot::SpecialKind::other);
    count_worst("special_miss", size, ranges, range_size, surefoot::SpecialKind::none);
  }
}

}  // namespace bench
