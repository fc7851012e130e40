// SPDX-License-Identifier: MIT
#include "decode/die_ranges.hpp"

#include <dwarf.h>

#include <algorithm>
#include <utility>

namespace surefoot::tools {
namespace {

// Deeper nesting is not written by people.
constexpr std::size_t max_depth = 256;

// True if functions may be described inside the entry.
bool may_hold_functions(int tag) {
  return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
         tag == DW_TAG_union_type || tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block || tag == DW_TAG_module;
}

}  // namespace

void RangesOfDies::add(Dwarf_Die& die) {
  Dwarf_Addr base = 0;
  Dwarf_Addr start = 0;
  Dwarf_Addr end = 0;
  std::ptrdiff_t at = 0;
  while ((at = dwarf_ranges(&die, at, &base, &start, &end)) > 0) {
    if (start < end) ranges_.push_back({.start = start, .end = end, .die = dwarf_dieoffset(&die)});
  }
}

void RangesOfDies::sort() {
  std::ranges::sort(ranges_, {}, [](const Range& range) { return std::pair(range.start, ~range.end); });
  std::uint64_t greatest = 0;
  for (Range& range : ranges_) range.greatest_end = greatest = std::max(greatest, range.end);
}

std::optional<Dwarf_Off> RangesOfDies::find(std::uint64_t address) const {
  auto at = std::ranges::upper_bound(ranges_, address, {}, &Range::start);
  const Range* narrowest = nullptr;
  while (at != ranges_.begin() && (--at)->greatest_end > address) {
    if (at->end <= address) continue;
    if (narrowest == nullptr || at->end - at->start < narrowest->end - narrowest->start) narrowest = &*at;
  }
  return narrowest == nullptr ? std::nullopt : std::optional(narrowest->die);
}

RangesOfDies unit_ranges(Dwarf& dwarf) {
  RangesOfDies ranges;
  Dwarf_Off offset = 0;
  Dwarf_Off next = 0;
  std::size_t header_size = 0;
  while (dwarf_nextcu(&dwarf, offset, &next, &header_size, nullptr, nullptr, nullptr) == 0) {
    Dwarf_Die unit;
    if (dwarf_offdie(&dwarf, offset + header_size, &unit) != nullptr) ranges.add(unit);
    if (next <= offset) break;  // a damaged header would lead back
    offset = next;
  }
  ranges.sort();
  return ranges;
}

RangesOfDies function_ranges(Dwarf_Die& unit) {
  RangesOfDies ranges;
  std::vector<Dwarf_Die> path;  // the entry at which each level stands
  Dwarf_Die die;
  if (dwarf_child(&unit, &die) != 0) return ranges;
  path.push_back(die);
  while (!path.empty()) {
    const int tag = dwarf_tag(&path.back());
    if (tag == DW_TAG_subprogram) ranges.add(path.back());
    Dwarf_Die child;
    if (may_hold_functions(tag) && path.size() < max_depth && dwarf_child(&path.back(), &child) == 0) {
      path.push_back(child);
      continue;
    }
    while (!path.empty()) {
      Dwarf_Die sibling;
      if (dwarf_siblingof(&path.back(), &sibling) == 0) {
        path.back() = sibling;
        break;
      }
      path.pop_back();
    }
  }
  ranges.sort();
  return ranges;
}

std::vector<Dwarf_Die> inlined_at(Dwarf_Die& function, std::uint64_t address) {
  std::vector<Dwarf_Die> chain;
  Dwarf_Die die;
  bool is_found = dwarf_child(&function, &die) == 0;
  for (std::size_t depth = 0; is_found && depth < max_depth;) {
    const int tag = dwarf_tag(&die);
    const bool is_scope = tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine;
    if (is_scope && dwarf_haspc(&die, address) > 0) {
      if (tag == DW_TAG_inlined_subroutine) chain.push_back(die);
      ++depth;
      Dwarf_Die child;
      is_found = dwarf_child(&die, &child) == 0;
      die = child;
    } else {
      Dwarf_Die sibling;
      is_found = dwarf_siblingof(&die, &sibling) == 0;
      die = sibling;
    }
  }
  return chain;
}

}  // namespace surefoot::tools
