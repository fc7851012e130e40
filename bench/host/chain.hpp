// SPDX-License-Identifier: MIT
//
// A native stack with a known chain of calls on it: bottom, links, and on top the function that measures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "surefoot/records.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot::bench {

/// The fewest frames that a chain has: the function on top, one link and the bottom.
inline constexpr std::size_t min_depth_frames = 3;

/// The depths at which walks are measured.
inline constexpr std::size_t depths_frames[] = {8, 16, 24, 32, 128, 1000, 10000};

/// Calls `top` with `argument` so that `depth_frames` frames lie from `top` to the bottom of the chain, both included.
/// The last record of the chain is `final_record`, which must be on this stack. Requires depth_frames >=
/// min_depth_frames.
void run_on_chain(std::size_t depth_frames, void (*top)(void*), void* argument, const MetadataRecord& final_record);

/// The return addresses of such a chain, as the assembler placed the calls; in the order of a trace, without the frame
/// of `top`. Reads no stack.
[[nodiscard]] std::vector<std::uint64_t> expected_return_addresses(std::size_t depth_frames);

/// 64 special ranges that lie between the functions of the chain, each of which is then plain code of its own.
[[nodiscard]] std::span<const SpecialRangeEntry> ranges_between_links();

/// 64 special ranges that lie all together, next to the chain.
[[nodiscard]] std::span<const SpecialRangeEntry> ranges_apart();

}  // namespace surefoot::bench
