// SPDX-License-Identifier: MIT
//
// The audit of an image: what in it keeps traces from being reliable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "audit/finding.hpp"
#include "elf/image.hpp"
#include "rules/rules.hpp"
#include "work/in_order.hpp"

namespace surefoot::tools {

struct AuditReport {
  Totals totals;
  std::uint64_t code_bytes = 0;  ///< of all executable sections
  std::size_t special_ranges = 0;
  std::uint64_t frame_table_bytes = 0;  ///< 0: the image has none
  std::vector<Finding> findings;        ///< sorted, worst first

  [[nodiscard]] std::size_t count(Level level) const;
  /// True if a finding is at the level or above it.
  [[nodiscard]] bool has(Level level) const;
};

/// Below this share of instructions with a rule, in percent, the audit warns.
inline constexpr double wanted_share = 99.0;

/// What is declared is about this image.
[[nodiscard]] AuditReport audit(const Image& image, const Work& work = {}, Declarations declarations = {});

}  // namespace surefoot::tools
