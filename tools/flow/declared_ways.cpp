// SPDX-License-Identifier: MIT
#include "flow/declared_ways.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "code/fields.hpp"

namespace surefoot::tools {

DeclaredWays::DeclaredWays(LinuxTables tables, Declarations declarations)
    : alternatives_(std::move(tables.alternatives)),
      entered_(std::move(tables.entered)),
      resumed_(std::move(tables.warnings)),
      not_resumed_(std::move(tables.bugs)),
      resumed_breaks_(std::move(declarations.resumed_breaks)),
      faults_(std::move(tables.faults)) {
  for (const LinuxTables::Pair& fixup : tables.fixups) ways_.push_back({fixup.from, fixup.to, true});
  for (const LinuxTables::Pair& key : tables.static_keys) {
    ways_.push_back({key.from, key.to, false});
    ways_.push_back({key.from, key.from + 4, false});
  }
  for (const Declarations::Pair& patched : declarations.patched) ways_.push_back({patched.from, patched.to, false});
  entered_.insert(entered_.end(), declarations.entered.begin(), declarations.entered.end());
  std::ranges::sort(ways_, {}, [](const Way& way) { return std::tuple(way.from, way.to, way.is_fault); });
  std::ranges::sort(alternatives_, {},
                    [](const Alternative& a) { return std::tuple(a.start, a.replacement, a.bytes); });
  for (const Way& way : ways_) places_.push_back(way.from);
  for (const Alternative& alternative : alternatives_) places_.push_back(alternative.start);
  for (std::vector<std::uint64_t>* places : {&places_, &entered_, &resumed_, &not_resumed_}) {
    std::ranges::sort(*places);
    const auto repeated = std::ranges::unique(*places);
    places->erase(repeated.begin(), repeated.end());
  }
}

void DeclaredWays::add_to(Flow& flow, std::uint32_t word, std::uint64_t pc) const {
  if (is_brk(word)) {
    const std::uint32_t number = bits(word, 20, 5);
    const auto has_number = [number](const Declarations::Numbers& numbers) {
      return number >= numbers.first && number <= numbers.last;
    };
    flow.may_stop = std::ranges::none_of(resumed_breaks_, has_number) && !std::ranges::binary_search(resumed_, pc);
    flow.is_trap = flow.may_stop && (flow.is_trap || std::ranges::binary_search(not_resumed_, pc));
  }
  flow.has_ways = std::ranges::binary_search(places_, pc);
}

std::span<const DeclaredWays::Way> DeclaredWays::ways_from(std::uint64_t pc) const {
  const auto found = std::ranges::equal_range(ways_, pc, {}, &Way::from);
  return {found.begin(), found.end()};
}

std::span<const DeclaredWays::Alternative> DeclaredWays::alternatives_at(std::uint64_t pc) const {
  const auto found = std::ranges::equal_range(alternatives_, pc, {}, &Alternative::start);
  return {found.begin(), found.end()};
}

}  // namespace surefoot::tools
