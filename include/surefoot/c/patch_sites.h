// SPDX-License-Identifier: MIT
//
// The patch sites at function entries; see patch_sites.hpp.
#ifndef SUREFOOT_C_PATCH_SITES_H
#define SUREFOOT_C_PATCH_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A checked table. Zeros know no site.
struct surefoot_patch_sites {
  uint64_t opaque[5];
};

enum surefoot_patch_sites_fault { surefoot_patch_sites_unsorted, surefoot_patch_sites_bad_site };
enum { surefoot_patch_sites_fault_count = surefoot_patch_sites_bad_site + 1 };

/// Checks the entries. Each site reaches from `start_offset` to `end_offset` bytes from its entry; both may be
/// negative, as sums modulo 2^64. The entries must stay in place.
bool surefoot_make_patch_sites(const uint64_t* entries, size_t count, uint64_t start_offset, uint64_t end_offset,
                               struct surefoot_patch_sites* out, struct surefoot_error* error);

/// The name, as in logs; never NULL.
const char* surefoot_patch_sites_fault_name(uint32_t code);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_PATCH_SITES_H
