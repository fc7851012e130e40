// SPDX-License-Identifier: MIT
#include "elf/special_table.hpp"

#include <bit>
#include <cstring>
#include <optional>

#include "elf/linked_table.hpp"

namespace surefoot::tools {

static_assert(std::endian::native == std::endian::little, "entries are copied as they stand in the image");

SpecialTable::SpecialTable(const Image& image) {
  const std::optional<TablePlace> place =
      find_linked_table(image, "__surefoot_ranges_start", "__surefoot_ranges_end", {".surefoot.ranges"});
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

std::pair<std::uint64_t, std::uint64_t> SpecialTable::bounds(std::size_t index) const {
  const SpecialRangeEntry& entry = entries_[index];
  const std::uint64_t at = address_ + index * sizeof(SpecialRangeEntry);
  const auto add = [at](std::size_t field, std::int32_t offset) {
    return at + field + static_cast<std::uint64_t>(std::int64_t{offset});
  };
  return {add(offsetof(SpecialRangeEntry, start_offset), entry.start_offset),
          add(offsetof(SpecialRangeEntry, end_offset), entry.end_offset)};
}

}  // namespace surefoot::tools
