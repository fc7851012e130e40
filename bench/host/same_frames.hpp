// SPDX-License-Identifier: MIT
//
// Whether a method has found exactly the frames that a chain was made of: before that, it is not measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "chain.hpp"
#include "methods.hpp"
#include "surroundings.hpp"

namespace surefoot::bench {

/// What is wrong with the trace that a method has taken; empty if nothing is.
template <typename Method>
[[nodiscard]] std::string find_difference(const Method& method, std::size_t count, const Chain& chain) {
  const std::vector<std::uint64_t> expected = expected_return_addresses(chain.depth_frames);
  // The function on top, of which each method finds another instruction.
  const std::size_t top_count = Method::may_miss_top && count == expected.size() ? 0 : 1;
  if (count != top_count + expected.size()) {
    return std::to_string(count) + " frames in place of " + std::to_string(chain.depth_frames);
  }
  if (top_count != 0 && !program_text().contains(method.pc(0), 1)) return "frame 0 is not in the program";
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::size_t index = top_count + i;
    if (method.pc(index) != expected[i]) return "frame " + std::to_string(index) + " is another one";
  }
  if (!method.is_complete()) return "the trace is not reliable";
  return {};
}

}  // namespace surefoot::bench
