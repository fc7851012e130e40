// SPDX-License-Identifier: MIT
#include "uses/livepatch/breakage.hpp"

#include <array>

#include "uses/livepatch/functions.hpp"
#include "walks/description.hpp"

namespace livepatch {
namespace {

using surefoot::SpecialRange;

constinit kernel::walks::Description broken{};
constinit std::array<surefoot::Interval, kernel::walks::most_intervals> intervals{};
constexpr std::size_t most_ranges = 128;
constinit std::array<SpecialRange, most_ranges> ranges{};

// The linked ranges and one more, in order.
bool declare_leaf(surefoot::Region& image) noexcept {
  const surefoot::SpecialRanges& linked = image.special_ranges;
  if (linked.size() >= most_ranges) return false;
  const SpecialRange leaf{.range = {reinterpret_cast<std::uintptr_t>(&livepatch_leaf),
                                    reinterpret_cast<std::uintptr_t>(livepatch_leaf_end)},
                          .kind = surefoot::SpecialKind::other,
                          .rule = {.pc = surefoot::From::frame_record}};
  std::size_t count = 0;
  bool is_declared = false;
  for (std::size_t i = 0; i != linked.size(); ++i) {
    if (!is_declared && leaf.range.start() < linked[i].range.start()) {
      ranges[count++] = leaf;
      is_declared = true;
    }
    ranges[count++] = linked[i];
  }
  if (!is_declared) ranges[count++] = leaf;
  const auto made = surefoot::SpecialRanges::make(std::span<const SpecialRange>(ranges).first(count));
  if (!made) return false;
  image.special_ranges = *made;
  return true;
}

}  // namespace

const char* to_string(Break fault) noexcept {
  switch (fault) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Break::nothing: return "nothing";
    case Break::verdict: return "verdict";
    case Break::rule: return "rule";
  }
  return "unknown";
}

const surefoot::Kernel* describe_with(Break fault) noexcept {
  const kernel::walks::Description& good = kernel::walks::description();
  surefoot::Region image = good.image();
  switch (fault) {  // No default: -Wswitch names the enumerator that was forgotten.
    case Break::nothing: return &good.described();
    case Break::verdict:
      image.frame_table = {};
      image.patch_sites = {};
      break;
    case Break::rule:
      if (!declare_leaf(image)) return nullptr;
      break;
  }
  return broken.make(image, intervals) ? &broken.described() : nullptr;
}

}  // namespace livepatch
