// SPDX-License-Identifier: MIT
//
// What chain-x86-64.S and chain-aarch64.S hold, for C++.
#include "chain.hpp"

namespace {

constexpr std::size_t link_count = 8;
constexpr std::size_t range_count = 64;

/// Where a link's two calls return to.
struct LinkReturns {
  std::uint64_t from_next_link;
  std::uint64_t from_top;
};

}  // namespace

extern "C" {
[[gnu::visibility("hidden")]] extern const LinkReturns surefoot_bench_link_returns[link_count];
[[gnu::visibility("hidden")]] extern const std::uint64_t surefoot_bench_run_return;
[[gnu::visibility("hidden")]] extern const surefoot::SpecialRangeEntry surefoot_bench_ranges_between[range_count];
[[gnu::visibility("hidden")]] extern const surefoot::SpecialRangeEntry surefoot_bench_ranges_apart[range_count];
[[gnu::visibility("hidden")]] void surefoot_bench_run_chain(std::size_t more_links, void (*top)(void*), void* argument,
                                                            const surefoot::MetadataRecord* final_record);
}

namespace surefoot::bench {
namespace {

// All frames but the two ends, and but the first link.
std::size_t more_links(std::size_t depth_frames) { return depth_frames - min_depth_frames; }

}  // namespace

void run_on_chain(std::size_t depth_frames, void (*top)(void*), void* argument, const MetadataRecord& final_record) {
  surefoot_bench_run_chain(more_links(depth_frames), top, argument, &final_record);
}

std::vector<std::uint64_t> expected_return_addresses(std::size_t depth_frames) {
  const std::size_t last = more_links(depth_frames);
  std::vector<std::uint64_t> addresses = {surefoot_bench_link_returns[last % link_count].from_top};
  for (std::size_t i = last; i > 0; --i) {
    addresses.push_back(surefoot_bench_link_returns[(i - 1) % link_count].from_next_link);
  }
  addresses.push_back(surefoot_bench_run_return);
  return addresses;
}

std::span<const SpecialRangeEntry> ranges_between_links() { return surefoot_bench_ranges_between; }

std::span<const SpecialRangeEntry> ranges_apart() { return surefoot_bench_ranges_apart; }

}  // namespace surefoot::bench
