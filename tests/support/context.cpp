// SPDX-License-Identifier: MIT
//
// What the library takes, made of what a test states.
#include "support/context.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace surefoot::testing {
namespace {

// The value, or the name of what was refused.
template <typename T, typename E>
T expect(std::expected<T, E> made) {
  if (!made)
    throw std::logic_error(std::string(to_string(made.error().code)) + " " + std::to_string(made.error().index));
  return *made;
}

Witnesses witnesses_of(const Context& context) {
  const Witnesses::Chosen& chosen = context.witnesses;
  const bool is_any = chosen.call_site || chosen.call_target || chosen.frame_table_chain || chosen.shadow_call_stack;
  return is_any ? Witnesses(chosen) : Witnesses();
}

}  // namespace

std::vector<AddressRange> normalized(std::span<const AddressRange> text) {
  std::vector<AddressRange> sorted;
  for (const AddressRange& range : text) {
    const std::uint64_t start = (range.start() + 3) & ~std::uint64_t{3};
    const std::uint64_t end = range.end() & ~std::uint64_t{3};
    if (start < end && !range.is_empty()) sorted.emplace_back(start, end);
  }
  std::ranges::sort(sorted, {}, &AddressRange::start);
  std::vector<AddressRange> regions;
  for (AddressRange range : sorted) {
    if (!regions.empty() && range.start() <= regions.back().end()) {
      range = AddressRange(regions.back().start(), std::max(regions.back().end(), range.end()));
      regions.pop_back();
    }
    regions.push_back(range);
  }
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const AddressRange range = regions[i];
    if (((range.start() ^ (range.end() - 1)) & address_half_bit) == 0) continue;
    const std::uint64_t middle = (range.start() | (address_half_bit - 1)) + 1;
    regions[i] = AddressRange(range.start(), middle);
    regions.insert(regions.begin() + static_cast<std::ptrdiff_t>(i) + 1, AddressRange(middle, range.end()));
  }
  return regions;
}

World::World(const Context& context, const ForeignMemory* memory) : return_stacks_{context.return_stack} {
  for (const AddressRange& text : normalized(context.text)) {
    regions_.push_back({.text = text,
                        .special_ranges = context.special_ranges,
                        .calls_without_record = context.calls_without_record,
                        .frame_table = context.frame_table != nullptr ? *context.frame_table : FrameTable(),
                        .patch_sites = context.patch_sites});
  }
  intervals_.resize(CodeMap::intervals_needed(regions_));
  code_ = expect(CodeMap::make(regions_, intervals_));
  kernel_ = std::make_unique<const Kernel>(expect(Kernel::make({.code = &code_,
                                                                .pac = context.pac,
                                                                .tags = context.tags,
                                                                .exception = context.exception,
                                                                .witnesses = witnesses_of(context),
                                                                .policy = context.policy})));
  // The last stack is the task's own, and the others are the CPU's.
  const std::size_t shared = context.stacks.empty() ? 0 : context.stacks.size() - 1;
  task_.stacks = expect(StackSet::make(context.stacks.subspan(shared)));
  task_.cpu_stacks = expect(StackSet::make(context.stacks.first(shared)));
  task_.final_record_at = context.final_record_at;
  if (context.return_stack != nullptr) task_.return_stacks = return_stacks_;
  task_.shadow_call_stack = context.shadow_call_stack;
  task_.memory = memory;
}

}  // namespace surefoot::testing
