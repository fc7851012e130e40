// SPDX-License-Identifier: MIT
//
// A ring of maps, in the order in which they were in force. A walk is counted at the map that is in force when its
// scope begins. An interrupt may publish others before the walk takes one, so that it uses that map or a later one. The
// map after the newest in the ring is the oldest: if no walk is counted there, none is counted at an older one either,
// and none can use it.
//
// Walks count themselves without a lock, whatever interrupts them: a walk that was too late for a map, which may be
// overwritten by then, sees that another is in force, and tries again. Who publishes holds a lock.
#include "walks/code_maps.hpp"

#include <array>
#include <cstddef>

#include "arch/spin_lock.hpp"
#include "console/console.hpp"
#include "surefoot/config.hpp"
#include "walks/description.hpp"

namespace kernel::walks {
namespace {

struct Map {
  std::array<surefoot::Region, most_regions> regions{};
  std::array<surefoot::Interval, most_intervals> intervals{};
  surefoot::CodeMap code;
  std::uint32_t walks = 0;  ///< scopes that began while it was in force, and those that find that it no longer is
};

constinit std::array<Map, map_count> maps{};
constinit std::uint32_t newest = 0;
constinit SpinLock publishing;

[[nodiscard]] bool has_walks(const Map& map) noexcept { return __atomic_load_n(&map.walks, __ATOMIC_SEQ_CST) != 0; }

unsigned next_of(unsigned index) noexcept { return (index + 1) % map_count; }

}  // namespace

bool publish(std::span<const surefoot::Region> regions) noexcept {
  SUREFOOT_CHECK(regions.size() <= most_regions);
  const Locked locked(publishing);
  const unsigned index = next_of(newest);
  Map& map = maps[index];
  if (has_walks(map)) return false;
  for (std::size_t i = 0; i != regions.size(); ++i) map.regions[i] = regions[i];
  const auto code = surefoot::CodeMap::make(std::span(map.regions).first(regions.size()), map.intervals);
  if (!code) {
    console::print("code map: ", to_string(code.error().code), " at ", code.error().index, "\n");
    return false;
  }
  map.code = *code;
  publish(map.code);
  // Behind it: a walk that is counted at this map uses this one or a later one.
  __atomic_store_n(&newest, index, __ATOMIC_SEQ_CST);
  return true;
}

bool may_be_used(const surefoot::AddressRange& text) noexcept {
  const Locked locked(publishing);
  bool is_in_use = false;
  // From the oldest map to the newest.
  for (unsigned age = map_count; age != 0; --age) {
    const unsigned index = (newest + map_count + 1 - age) % map_count;
    const Map& map = maps[index];
    is_in_use = is_in_use || has_walks(map) || index == newest;
    if (!is_in_use) continue;
    for (const surefoot::Region& region : map.code.regions()) {
      if (region.text.overlaps(text)) return true;
    }
  }
  return false;
}

WalkScope::WalkScope() noexcept {
  for (;;) {
    map_ = __atomic_load_n(&newest, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&maps[map_].walks, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&newest, __ATOMIC_SEQ_CST) == map_) return;
    __atomic_fetch_sub(&maps[map_].walks, 1, __ATOMIC_RELEASE);
  }
}

WalkScope::~WalkScope() { __atomic_fetch_sub(&maps[map_].walks, 1, __ATOMIC_RELEASE); }

}  // namespace kernel::walks
