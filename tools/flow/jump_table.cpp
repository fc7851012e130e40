// SPDX-License-Identifier: MIT
#include "flow/jump_table.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace surefoot::tools {
namespace {

std::uint64_t extend(std::uint64_t entry, unsigned bytes, bool is_signed) {
  const unsigned unused = 64 - bytes * 8;
  if (unused == 0) return entry;
  entry <<= unused;
  return is_signed ? static_cast<std::uint64_t>(static_cast<std::int64_t>(entry) >> unused) : entry >> unused;
}

// What a program may write to after relocation is another table then. The others are as the linker made them.
bool is_constant(const Image& image, std::uint64_t address) {
  const std::vector<Section>& sections = image.sections();
  const auto above = std::ranges::upper_bound(sections, address, {}, &Section::address);
  if (above == sections.begin()) return false;
  const Section& section = *(above - 1);
  return !section.is_writable || section.name.starts_with(".data.rel.ro");
}

}  // namespace

std::int64_t JumpTables::number_of(const JumpTable& table) {
  const auto at = std::ranges::find(tables_, table);
  const auto number = at - tables_.begin();
  if (at == tables_.end()) tables_.push_back(table);
  return number;
}

std::optional<std::uint64_t> target_of(const JumpTable& table, std::int64_t index, const Image& image) {
  const std::uint64_t at = table.address + static_cast<std::uint64_t>(index) * table.entry_bytes;
  const std::span<const std::byte> bytes = image.read(at, table.entry_bytes);
  if (bytes.size() != table.entry_bytes || table.entry_bytes > sizeof(std::uint64_t) || !is_constant(image, at))
    return {};
  std::uint64_t entry = 0;
  std::memcpy(&entry, bytes.data(), bytes.size());
  return table.anchor + (extend(entry, table.entry_bytes, table.is_signed) << table.shift);
}

}  // namespace surefoot::tools
