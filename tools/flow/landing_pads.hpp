// SPDX-License-Identifier: MIT
//
// Where C++ exceptions resume: code that no branch leads to.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace surefoot::tools {

class Image;

/// A call in [start, end) that throws goes on at the pad, with sp and the registers that callees keep as at the call.
struct LandingPad {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t pad = 0;
};

/// By rising start, none overlapping.
using LandingPads = std::vector<LandingPad>;

[[nodiscard]] LandingPads find_landing_pads(const Image& image);

/// The pad of the call at the address, if it has one.
[[nodiscard]] std::optional<std::uint64_t> pad_of(const LandingPads& landing_pads, std::uint64_t call);

}  // namespace surefoot::tools
