// SPDX-License-Identifier: MIT
#include "elf/special_table.hpp"

#include <fmt/core.h>

#include <bit>
#include <cstring>
#include <limits>
#include <optional>

namespace surefoot::tools {
namespace {

// From the field to the address, if that can be said.
std::optional<std::int32_t> offset_from(std::uint64_t field, std::uint64_t address) {
  const auto distance = static_cast<std::int64_t>(address - field);
  using Limits = std::numeric_limits<std::int32_t>;
  if (distance < Limits::min() || distance > Limits::max()) return std::nullopt;
  return static_cast<std::int32_t>(distance);
}

}  // namespace

static_assert(std::endian::native == std::endian::little, "entries are copied as they stand in the image");

SpecialTable::SpecialTable(const Image& image)
    : SpecialTable(
          image, find_linked_table(image, "__surefoot_ranges_start", "__surefoot_ranges_end", {".surefoot.ranges"})) {}

SpecialTable SpecialTable::of_calls(const Image& image) {
  return {image, find_linked_table(image, "__surefoot_calls_start", "__surefoot_calls_end", {".surefoot.calls"})};
}

SpecialTable::SpecialTable(const Image& image, const std::optional<TablePlace>& place) {
  if (place) read(image, place->address, place->size);
}

void SpecialTable::read(const Image& image, std::uint64_t start, std::uint64_t size) {
  is_present_ = true;
  address_ = start;
  const std::span<const std::byte> bytes = image.read(start, size);
  is_in_file_ = bytes.size() == size;
  odd_bytes_ = bytes.size() % sizeof(SpecialRangeEntry);
  entries_.resize(bytes.size() / sizeof(SpecialRangeEntry));
  if (!entries_.empty()) std::memcpy(entries_.data(), bytes.data(), entries_.size() * sizeof(SpecialRangeEntry));
  if (entries_.empty()) return;  // whether that is right depends on the code: see check_special_code()
  check_ = SpecialRanges::make(entries_, address_);
  if (check_) ranges_ = *check_;
}

bool SpecialTable::is_special_code(std::uint64_t pc) const {
  const SpecialRange range = ranges_.find(pc);
  return range.is_special() && range.kind != SpecialKind::call_without_record;
}

std::pair<std::uint64_t, std::uint64_t> SpecialTable::bounds(std::size_t index) const {
  const SpecialRangeEntry& entry = entries_[index];
  const std::uint64_t at = address_ + index * sizeof(SpecialRangeEntry);
  const auto add = [at](std::size_t field, std::int32_t offset) {
    return at + field + static_cast<std::uint64_t>(std::int64_t{offset});
  };
  return {add(offsetof(SpecialRangeEntry, start_offset), entry.start_offset),
          add(offsetof(SpecialRangeEntry, end_offset), entry.end_offset)};
}

std::expected<std::vector<std::byte>, std::string> write_special_ranges(const std::vector<AddressRange>& ranges,
                                                                        SpecialKind kind, std::uint64_t address) {
  std::vector<std::byte> bytes(ranges.size() * sizeof(SpecialRangeEntry));
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::uint64_t at = address + i * sizeof(SpecialRangeEntry);
    const auto start = offset_from(at + offsetof(SpecialRangeEntry, start_offset), ranges[i].start());
    const auto end = offset_from(at + offsetof(SpecialRangeEntry, end_offset), ranges[i].end());
    if (!start || !end) {
      return std::unexpected(fmt::format("{:#x} is too far from a table at {:#x}", ranges[i].start(), address));
    }
    SpecialRangeEntry entry{};
    entry.start_offset = *start;
    entry.end_offset = *end;
    entry.kind = static_cast<std::uint8_t>(kind);
    std::memcpy(bytes.data() + i * sizeof entry, &entry, sizeof entry);
  }
  return bytes;
}

}  // namespace surefoot::tools
