// SPDX-License-Identifier: MIT
//
// What the code of a kernel is; see code_map.hpp.
#ifndef SUREFOOT_C_CODE_MAP_H
#define SUREFOOT_C_CODE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/address.h"
#include "surefoot/c/error.h"
#include "surefoot/c/frame_table.h"
#include "surefoot/c/patch_sites.h"
#include "surefoot/c/special_ranges.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A piece of code and its tables. Zeros are what a refused table leaves behind, and zeros for either table of special
/// code are taken for that: each walk through the region is unreliable, by surefoot_evidence_special_ranges_refused.
/// surefoot_check_port() says which table it is. So a region in C has to name both.
struct surefoot_region {
  struct surefoot_range text;
  /// surefoot_no_special_ranges() says that there is no special code. Zeros: surefoot_port_special_ranges_refused.
  struct surefoot_special_ranges special_ranges;
  /// From surefoot_linked_calls(); surefoot_no_special_ranges() if it makes no such call. Zeros:
  /// surefoot_port_calls_refused. Differs from C++, where a Region starts with SpecialRanges::none() here.
  struct surefoot_special_ranges calls_without_record;
  /// Zeros have no rules, and so have those of patch_sites.
  struct surefoot_frame_table frame_table;
  struct surefoot_patch_sites patch_sites;
};

/// Storage of a code map.
struct surefoot_interval {
  uint64_t opaque[2];
};

/// A checked map. Zeros are a map without code.
struct surefoot_code_map {
  uint64_t opaque[6];
};

enum surefoot_code_map_fault {
  surefoot_code_map_empty_region,
  surefoot_code_map_misaligned_region,
  surefoot_code_map_too_large_region,
  surefoot_code_map_unsorted_regions,
  surefoot_code_map_overlapping_regions,
  surefoot_code_map_straddling_range,
  surefoot_code_map_too_many_regions,
  surefoot_code_map_storage_too_small
};
enum { surefoot_code_map_fault_count = surefoot_code_map_storage_too_small + 1 };

enum { surefoot_max_regions = 0xffff };

/// How many intervals the storage for a map of these regions has to have.
size_t surefoot_intervals_needed(const struct surefoot_region* regions, size_t count);
/// Checks the regions, which are in ascending order, and writes the map's intervals to `storage`. Regions and storage
/// must stay in place.
bool surefoot_make_code_map(const struct surefoot_region* regions, size_t count, struct surefoot_interval* storage,
                            size_t storage_count, struct surefoot_code_map* out, struct surefoot_error* error);

/// The name, as in logs; never NULL.
const char* surefoot_code_map_fault_name(uint32_t code);

#if defined(__aarch64__) && !defined(__cplusplus)
/// The program's own image, whose text is [start, end), with the tables that are linked into it. A table that is
/// refused is left out: surefoot_check_port() says so, and its own surefoot_linked_...() why.
static inline struct surefoot_region surefoot_linked_region(const void* start, const void* end) {
  struct surefoot_region region = {.text = {(uintptr_t)start, (uintptr_t)end - (uintptr_t)start}};
  struct surefoot_error error;
  surefoot_linked_special_ranges(&region.special_ranges, &error);
  surefoot_linked_calls(&region.calls_without_record, &error);
  surefoot_linked_frame_table(&region.frame_table, &error);
  return region;
}
#endif

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_CODE_MAP_H
