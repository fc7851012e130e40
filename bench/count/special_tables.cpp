// SPDX-License-Identifier: MIT
#include "count/special_tables.hpp"

#include "count/code.hpp"

namespace bench {
namespace {

using surefoot::SpecialRangeEntry;

constinit SpecialRangeEntry entries[max_range_count] = {};

std::int32_t offset_from(std::uint64_t field_at, std::uint64_t target) noexcept {
  return static_cast<std::int32_t>(target - field_at);
}

SpecialRangeEntry make_entry(std::size_t index, std::uint64_t start, std::uint8_t kind) noexcept {
  const std::uint64_t entry_at = special_table_at + index * sizeof(SpecialRangeEntry);
  return {.start_offset = offset_from(entry_at + offsetof(SpecialRangeEntry, start_offset), start),
          .end_offset = offset_from(entry_at + offsetof(SpecialRangeEntry, end_offset), start + range_size),
          .kind = kind,
          .rule = SUREFOOT_FROM_FRAME_RECORD,
          .rule_offset = 0,
          .reserved = 0};
}

std::uint8_t kind_in_image(std::size_t index) noexcept {
  switch (index) {
    case return_hook_index: return SUREFOOT_SPECIAL_RETURN_HOOK;
    case exception_entry_index: return SUREFOOT_SPECIAL_EXCEPTION_ENTRY;
    default: return SUREFOOT_SPECIAL_OTHER;
  }
}

}  // namespace

std::span<const SpecialRangeEntry> lay_special_table(const RangeCounts& counts) noexcept {
  std::size_t laid = 0;
  for (std::size_t i = 0; i < counts.image; ++i, ++laid) {
    entries[laid] = make_entry(laid, special_range_start(image_special_start, i), kind_in_image(i));
  }
  for (std::size_t module = 0; module < counts.modules; ++module) {
    const std::uint64_t start = module_start(module) + module_special_offset;
    for (std::size_t i = 0; i < counts.each_module; ++i, ++laid) {
      entries[laid] = make_entry(laid, special_range_start(start, i), SUREFOOT_SPECIAL_OTHER);
    }
  }
  return std::span(entries).first(laid);
}

}  // namespace bench
