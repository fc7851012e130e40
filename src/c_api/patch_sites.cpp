// SPDX-License-Identifier: MIT
//
// Patch sites, from C.
#include "surefoot/patch_sites.hpp"

#include "same_values.hpp"
#include "surefoot/c/patch_sites.h"
#include "view.hpp"

using namespace surefoot;
using detail::store;

SUREFOOT_SAME_BYTES(surefoot_patch_sites, PatchSites);

bool surefoot_make_patch_sites(const std::uint64_t* entries, std::size_t count, std::uint64_t start_offset,
                               std::uint64_t end_offset, surefoot_patch_sites* out, surefoot_error* error) {
  return store(PatchSites::make({entries, count}, start_offset, end_offset), out, error);
}
