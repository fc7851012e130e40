// SPDX-License-Identifier: MIT
//
// The special-range table itself: what the library's check says of it, in terms of the image.
#include <fmt/format.h>

#include <algorithm>

#include "audit/checks.hpp"

namespace surefoot::tools {
namespace {

FindingKind kind_of(SpecialRangesFault code) {
  using Code = SpecialRangesFault;
  switch (code) {
    case Code::empty_table: return FindingKind::special_ranges_missing;
    case Code::empty_range: return FindingKind::special_ranges_empty_range;
    case Code::misaligned: return FindingKind::special_ranges_misaligned;
    case Code::unsorted: return FindingKind::special_ranges_unsorted;
    case Code::overlapping: return FindingKind::special_ranges_overlapping;
    case Code::unknown_kind: return FindingKind::special_ranges_unknown_kind;
    case Code::unknown_rule: return FindingKind::special_ranges_unknown_rule;
    case Code::nonzero_reserved: return FindingKind::special_ranges_nonzero_reserved;
  }
  return FindingKind::special_ranges_not_whole;
}

std::string range_text(const Image& image, const SpecialTable& special, std::size_t index) {
  const auto [start, end] = special.bounds(index);
  return fmt::format("{:#x}..{:#x} ({})", start, end, name_of(image, start));
}

bool is_in_code(const Image& image, const AddressRange& range) {
  return std::ranges::any_of(image.sections(), [&](const Section& section) {
    return section.is_executable && range.start() >= section.address && range.end() - section.address <= section.size;
  });
}

}  // namespace

void check_special_table(const Image& image, const SpecialTable& special, Findings& findings) {
  if (!special.is_present()) return;
  const auto add = [&](FindingKind kind, std::uint64_t address, std::string detail) {
    findings.push_back(make_finding(kind, address, std::move(detail)));
  };
  if (!special.is_in_file()) {
    add(FindingKind::special_ranges_not_whole, special.address(), "the file does not hold the table's bytes");
    return;
  }
  if (special.odd_bytes() != 0) {
    add(FindingKind::special_ranges_not_whole, special.address(),
        fmt::format("{} bytes after the last of {} whole entries", special.odd_bytes(), special.entry_count()));
  }
  if (!special.check()) {
    const auto [code, index] = special.check().error();
    std::string detail =
        fmt::format("entry {} of {}, {}", index, special.entry_count(), range_text(image, special, index));
    if (index > 0) detail += fmt::format(", after {}", range_text(image, special, index - 1));
    add(kind_of(code), special.address() + index * sizeof(SpecialRangeEntry), std::move(detail));
    return;
  }
  for (std::size_t i = 0; i < special.ranges().size(); ++i) {
    if (is_in_code(image, special.ranges()[i].range)) continue;
    add(FindingKind::special_range_outside_code, special.bounds(i).first,
        fmt::format("entry {}, {}", i, range_text(image, special, i)));
  }
}

}  // namespace surefoot::tools
