// SPDX-License-Identifier: MIT
#include "count/special_tables.hpp"

#include "count/code.hpp"

namespace bench {
namespace {

using surefoot::SpecialRangeEntry;

constexpr std::uint64_t tables_at = 0x7000'0000;

constinit SpecialRangeEntry entries[max_range_count] = {};
constinit SpecialTable tables[1 + max_module_count] = {};

std::int32_t offset_from(std::uint64_t field_at, std::uint64_t target) noexcept {
  return static_cast<std::int32_t>(target - field_at);
}

SpecialRangeEntry make_entry(std::size_t index, std::uint64_t start, std::uint8_t kind) noexcept {
  const std::uint64_t entry_at = tables_at + index * sizeof(SpecialRangeEntry);
  return {.start_offset = offset_from(entry_at + offsetof(SpecialRangeEntry, start_offset), start),
          .end_offset = offset_from(entry_at + offsetof(SpecialRangeEntry, end_offset), start + range_size),
          .kind = kind,
          .rule = SUREFOOT_FROM_FRAME_RECORD,
          .rule_offset = 0,
          .registers_offset = 0,
          .caller_sp = 0};
}

std::uint8_t kind_in_image(std::size_t index) noexcept {
  switch (index) {
    case return_hook_index: return SUREFOOT_SPECIAL_RETURN_HOOK;
    case exception_entry_index: return SUREFOOT_SPECIAL_EXCEPTION_ENTRY;
    default: return SUREFOOT_SPECIAL_OTHER;
  }
}

}  // namespace

std::span<const SpecialTable> lay_special_tables(const RangeCounts& counts) noexcept {
  std::size_t laid = 0;
  const auto lay = [&laid](std::size_t count, std::uint64_t code_start, auto kind_of) {
    const std::size_t first = laid;
    for (std::size_t i = 0; i < count; ++i, ++laid) {
      entries[laid] = make_entry(laid, special_range_start(code_start, i), kind_of(i));
    }
    return SpecialTable{.entries = std::span(entries).subspan(first, count),
                        .at = tables_at + first * sizeof(SpecialRangeEntry)};
  };
  tables[0] = lay(counts.image, image_special_start, kind_in_image);
  const auto is_other = [](std::size_t) { return std::uint8_t{SUREFOOT_SPECIAL_OTHER}; };
  for (std::size_t i = 0; i < counts.modules; ++i) {
    tables[1 + i] = lay(counts.each_module, module_start(i) + module_special_offset, is_other);
  }
  return std::span(tables).first(1 + counts.modules);
}

}  // namespace bench
