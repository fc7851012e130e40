// SPDX-License-Identifier: MIT
//
// Regions and the code map, from C.
#include "surefoot/code_map.hpp"

#include "same_values.hpp"
#include "surefoot/c/code_map.h"
#include "view.hpp"

using namespace surefoot;
using detail::store;
using detail::view_as;

SUREFOOT_SAME_BYTES(surefoot_code_map, CodeMap);
SUREFOOT_SAME_BYTES(surefoot_interval, Interval);
SUREFOOT_SAME_LAYOUT(surefoot_region, Region);
SUREFOOT_SAME_MEMBER(surefoot_region, text, Region, text);
SUREFOOT_SAME_MEMBER(surefoot_region, special_ranges, Region, special_ranges);
SUREFOOT_SAME_MEMBER(surefoot_region, calls_without_record, Region, calls_without_record);
SUREFOOT_SAME_MEMBER(surefoot_region, frame_table, Region, frame_table);
SUREFOOT_SAME_MEMBER(surefoot_region, patch_sites, Region, patch_sites);
static_assert(surefoot_max_regions == max_regions);

std::size_t surefoot_intervals_needed(const surefoot_region* regions, std::size_t count) {
  return CodeMap::intervals_needed({view_as<const Region>(regions), count});
}

bool surefoot_make_code_map(const surefoot_region* regions, std::size_t count, surefoot_interval* storage,
                            std::size_t storage_count, surefoot_code_map* out, surefoot_error* error) {
  return store(CodeMap::make({view_as<const Region>(regions), count}, {view_as<Interval>(storage), storage_count}), out,
               error);
}
