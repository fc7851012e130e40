// SPDX-License-Identifier: MIT
//
// Checking and searching the table of patch sites.
#include "surefoot/patch_sites.hpp"

namespace surefoot {

std::expected<PatchSites, PatchSitesError> PatchSites::make(std::span<const std::uint64_t> entries,
                                                            std::uint64_t start_offset,
                                                            std::uint64_t end_offset) noexcept {
  using enum PatchSitesFault;
  // The start may lie below the entry: the difference is right all the same, modulo 2^64.
  const std::uint64_t size = end_offset - start_offset;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::uint64_t start = entries[i] + start_offset;
    if (size == 0 || (size | start) % instruction_size != 0) return std::unexpected(PatchSitesError{bad_site, i});
    if (i > 0 && entries[i] <= entries[i - 1]) return std::unexpected(PatchSitesError{unsorted, i});
  }
  PatchSites sites;
  sites.contains_ = search;
  sites.entries_ = entries;
  sites.start_offset_ = start_offset;
  sites.end_offset_ = end_offset;
  return sites;
}

bool PatchSites::search(const PatchSites& sites, std::uint64_t pc) noexcept {
  const std::span<const std::uint64_t> entries = sites.entries_;
  // The invariant: the sites before `low` start at or below pc, those from `high` on start above it.
  std::size_t low = 0;
  std::size_t high = entries.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (entries[middle] + sites.start_offset_ <= pc) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low != 0 && pc - (entries[low - 1] + sites.start_offset_) < sites.end_offset_ - sites.start_offset_;
}

}  // namespace surefoot
