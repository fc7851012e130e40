// SPDX-License-Identifier: MIT
//
// What the parts of the check share: the port, and the report on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "surefoot/port_check.hpp"

namespace surefoot::detail {

/// Collects findings; those without room are counted.
class PortReport {
 public:
  explicit PortReport(std::span<PortFinding> room) noexcept : room_(room) {}

  void add(PortProblem problem, std::size_t index = 0, std::uint64_t address = 0, std::uint8_t fault = 0) noexcept {
    if (result_.found < room_.size()) {
      room_[result_.found] = {
          .address = address, .index = static_cast<std::uint32_t>(index), .problem = problem, .fault = fault};
    }
    ++result_.found;
    const PortSeverity severity = severity_of(problem);
    result_.errors += severity == PortSeverity::error ? 1U : 0U;
    result_.unchecked += severity == PortSeverity::unchecked ? 1U : 0U;
  }
  [[nodiscard]] const PortResult& result() const noexcept { return result_; }

 private:
  std::span<PortFinding> room_;
  PortResult result_;
};

/// The port that is checked. Code is looked up in the regions, and not in the code map, which may have been refused.
struct Port {
  const KernelDescription& description;
  const PortFacts& facts;
  std::span<const Region> regions;

  /// The region that all of the range is in; null if there is none.
  [[nodiscard]] const Region* find_region(const AddressRange& range) const noexcept {
    for (const Region& region : regions) {
      if (region.text.contains(range.start(), range.end() - range.start())) return &region;
    }
    return nullptr;
  }
};

/// True if a mask of bits that hold no address has one in which addresses of the range differ, or that is not a copy of
/// bit 55: stripped, an address of the range would become another one. The range is not empty.
template <typename Mask>
[[nodiscard]] bool cuts(Mask mask, const AddressRange& range) noexcept {
  std::uint64_t differing = range.start() ^ (range.end() - 1);
  // Addresses in between differ in all bits below the highest one in which the bounds differ.
  for (unsigned shift = 1; shift < 64; shift *= 2) differing |= differing >> shift;
  return (mask.bits() & differing) != 0 || mask.strip(range.start()) != range.start();
}

// The parts, each in its file.
void check_regions(const Port& port, PortReport& report) noexcept;
void check_vectors(const Port& port, PortReport& report) noexcept;
void check_code(const Port& port, PortReport& report) noexcept;
void check_tasks(const Port& port, PortReport& report) noexcept;
// Of check_code: one region's frame table against its instructions.
void check_frame_table(const Port& port, std::size_t region, PortReport& report) noexcept;

}  // namespace surefoot::detail
