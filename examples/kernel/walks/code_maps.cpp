// SPDX-License-Identifier: MIT
//
// A ring of maps, in the order in which they were in force. A walk is counted at the map that is in force when its
// scope begins. An interrupt may publish others before the walk takes one, so that it uses that map or a later one. The
// map after the newest in the ring is the oldest: if no walk is counted there, none is counted at an older one either,
// and none can use it.
//
// One CPU: with interrupts masked, nothing else runs. A kernel with several needs what it has for readers that may be
// preempted, such as RCU of the sleepable kind.
#include "walks/code_maps.hpp"

#include <array>
#include <cstddef>

#include "arch/interrupt_mask.hpp"
#include "console/console.hpp"
#include "surefoot/config.hpp"
#include "walks/description.hpp"

namespace kernel::walks {
namespace {

struct Map {
  std::array<surefoot::Region, most_regions> regions{};
  std::array<surefoot::Interval, most_intervals> intervals{};
  surefoot::CodeMap code;
  unsigned walks = 0;  ///< scopes that began while it was in force
};

constinit std::array<Map, map_count> maps{};
constinit unsigned newest = 0;

unsigned next_of(unsigned index) noexcept { return (index + 1) % map_count; }

}  // namespace

bool publish(std::span<const surefoot::Region> regions) noexcept {
  SUREFOOT_CHECK(regions.size() <= most_regions);
  const InterruptsMasked masked;
  const unsigned index = next_of(newest);
  Map& map = maps[index];
  if (map.walks != 0) return false;
  for (std::size_t i = 0; i != regions.size(); ++i) map.regions[i] = regions[i];
  const auto code = surefoot::CodeMap::make(std::span(map.regions).first(regions.size()), map.intervals);
  if (!code) {
    console::print("code map: ", to_string(code.error().code), " at ", code.error().index, "\n");
    return false;
  }
  map.code = *code;
  newest = index;
  publish(map.code);
  return true;
}

bool may_be_used(const surefoot::AddressRange& text) noexcept {
  const InterruptsMasked masked;
  bool is_in_use = false;
  // From the oldest map to the newest.
  for (unsigned age = map_count; age != 0; --age) {
    const unsigned index = (newest + map_count + 1 - age) % map_count;
    const Map& map = maps[index];
    is_in_use = is_in_use || map.walks != 0 || index == newest;
    if (!is_in_use) continue;
    for (const surefoot::Region& region : map.code.regions()) {
      if (region.text.overlaps(text)) return true;
    }
  }
  return false;
}

WalkScope::WalkScope() noexcept {
  const InterruptsMasked masked;
  map_ = newest;
  ++maps[map_].walks;
}

WalkScope::~WalkScope() {
  const InterruptsMasked masked;
  --maps[map_].walks;
}

}  // namespace kernel::walks
