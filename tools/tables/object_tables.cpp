// SPDX-License-Identifier: MIT
#include "tables/object_tables.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <utility>

#include "elf/special_table.hpp"

namespace surefoot::tools {
namespace {

template <typename Integer>
Integer load(const std::vector<std::byte>& bytes, std::size_t at) {
  Integer value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// Takes a distance out of a table that was written to lie at an address, as one that a relocation is to put there.
template <typename Integer>
void take_distance(AddedSection& table, std::size_t at, std::uint64_t table_address, const Section& code) {
  const auto distance = static_cast<std::uint64_t>(std::int64_t{load<Integer>(table.bytes, at)});
  table.distances.push_back({.offset = at,
                             .size = sizeof(Integer),
                             .section = code.index,
                             .target = table_address + at + distance - code.address});
  std::memset(table.bytes.data() + at, 0, sizeof(Integer));
}

bool is_in(const Section& section, std::uint64_t address) { return address - section.address < section.size; }

std::string name_for(const Section& section, const char* name) {
  return section.name == ".text" ? name : name + section.name;
}

}  // namespace

std::expected<SectionTables, std::string> make_section_tables(const Section& code, const Frames& frames) {
  SframeWriter writer(frames.address);
  for (const PackedRows& function : frames.functions) {
    if (is_in(code, function.start())) writer.add(function.unpack());
  }
  std::expected<SframeSection, std::string> section = writer.finish();
  if (!section) return std::unexpected(section.error());
  SectionTables tables{.frames = std::move(*section), .calls = {}};
  std::ranges::copy_if(frames.calls.ranges, std::back_inserter(tables.calls),
                       [&code](const AddressRange& range) { return is_in(code, range.start()); });
  return tables;
}

std::expected<std::vector<AddedSection>, std::string> make_object_tables(const Image& image, const Frames& frames) {
  std::vector<AddedSection> tables;
  for (const Section& code : image.sections()) {
    if (!code.is_executable) continue;
    std::expected<SectionTables, std::string> made = make_section_tables(code, frames);
    if (!made) return std::unexpected(made.error());
    AddedSection table{.name = name_for(code, ".surefoot.frames"), .bytes = {}, .distances = {}};
    if (made->frames.statistics.functions != 0) table.bytes = std::move(made->frames.bytes);
    for (std::size_t i = 0; i < made->frames.statistics.functions && !table.bytes.empty(); ++i) {
      take_distance<std::int64_t>(table, sframe_index_at + i * sframe_index_stride, frames.address, code);
    }
    tables.push_back(std::move(table));

    auto bytes = write_special_ranges(made->calls, SpecialKind::call_without_record, frames.calls.address);
    if (!bytes) return std::unexpected(bytes.error());
    AddedSection calls{.name = name_for(code, ".surefoot.calls"), .bytes = std::move(*bytes), .distances = {}};
    for (std::size_t at = 0; at < calls.bytes.size(); at += sizeof(SpecialRangeEntry)) {
      take_distance<std::int32_t>(calls, at + offsetof(SpecialRangeEntry, start_offset), frames.calls.address, code);
      take_distance<std::int32_t>(calls, at + offsetof(SpecialRangeEntry, end_offset), frames.calls.address, code);
    }
    tables.push_back(std::move(calls));
  }
  return tables;
}

}  // namespace surefoot::tools
