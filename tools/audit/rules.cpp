// SPDX-License-Identifier: MIT
//
// Instructions at which an exception makes a trace unreliable.
#include <fmt/format.h>

#include <algorithm>

#include "audit/checks.hpp"
#include "audit/encoding.hpp"

namespace surefoot::tools {
namespace {

std::string reason(const FunctionRules& derived, std::size_t index) {
  if (derived.comparisons[index] == Comparison::differ) return "its CFI says otherwise than its instructions";
  if (derived.found.states[index]) return "where the caller's pc and x29 are is not known there";
  const auto& remarks = derived.found.remarks;
  if (remarks.empty()) return "no path leads there that could be followed";
  // The last thing that went wrong before the gap, else the first of all.
  const std::uint64_t at = derived.address_of(index);
  const auto* best = &remarks.front();
  for (const auto& remark : remarks) {
    if (remark.address <= at && (best->address > at || remark.address > best->address)) best = &remark;
  }
  return best->text;
}

}  // namespace

void check_rules(const Image& image, const FunctionRules& derived, Findings& findings) {
  std::size_t missing = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < derived.rows.rows.size(); ++i) {
    if (derived.rows.rows[i] || !derived.is_ordinary[i]) continue;
    const std::optional<std::uint32_t> word = image.instruction_at(derived.address_of(i));
    if (word && is_padding(*word)) continue;  // nothing is meant to run it
    if (missing++ == 0) first = i;
  }
  if (missing == 0) return;
  Finding finding =
      make_finding(FindingKind::instructions_without_rule, derived.address_of(first),
                   fmt::format("{} of {} instructions: {}", missing, derived.instructions, reason(derived, first)));
  finding.weight = missing;
  place(image, finding);
  findings.push_back(std::move(finding));
}

}  // namespace surefoot::tools
