// SPDX-License-Identifier: MIT
#include "audit/frame_table.hpp"

#include <fmt/format.h>

#include <optional>
#include <span>

#include "elf/linked_table.hpp"
#include "rules/compiler_table.hpp"
#include "rules/describe.hpp"

namespace surefoot::tools {
FrameTableCheck::FrameTableCheck(const Image& image, Findings& findings) : image_(image) {
  // In a stripped image, the section of another producer, or our own.
  const std::optional<TablePlace> there = find_linked_table(
      image, "__surefoot_frame_table_start", "__surefoot_frame_table_end", {".sframe", ".surefoot.frames"});
  if (there) {
    address_ = there->address;
    bytes_ = there->size;
  }
  if (bytes_ == 0) return;
  const std::span<const std::byte> section = read_table(image, *there);
  const auto table = FrameTable::make(section, address_);
  if (table) {
    table_ = *table;
    bytes_ = section.size();
  } else {
    findings.push_back(make_finding(FindingKind::frame_table_refused, address_,
                                    fmt::format("{} bytes: {}", bytes_, surefoot::to_string(table.error().code))));
  }
}

void FrameTableCheck::check(const FunctionRules& derived, Findings& findings) {
  if (!table_) return;
  std::size_t wrong = 0;
  std::size_t first_wrong = 0;
  for (std::size_t i = 0; i < derived.is_ordinary.size(); ++i) {
    if (!derived.is_ordinary[i]) continue;
    const std::uint64_t pc = derived.address_of(i);
    const Rule rule = table_->find(pc);
    const std::optional<Row>& wanted = derived.rows.rows[i];
    if (!rule.is_known()) {
      if (wanted && missing_++ == 0) first_missing_at_ = pc;
      continue;
    }
    // Where nothing was derived, or CFI refutes it, there is nothing to hold against the table.
    const State* const state = derived.found.states[i];
    if (!state || derived.is_refuted[i]) continue;
    const bool is_outermost = wanted && wanted->where == Row::Where::nowhere;
    const bool says_outermost = rule.pc == From::final_record;
    const bool is_wrong =
        is_outermost || says_outermost ? is_outermost != says_outermost : compare(state, rule) == Comparison::differ;
    if (is_wrong && wrong++ == 0) first_wrong = i;
  }
  if (wrong == 0) return;
  Finding finding = make_finding(FindingKind::frame_table_wrong, derived.address_of(first_wrong), {});
  finding.detail =
      fmt::format("{} of {} instructions: the table says {}, and right is {}", wrong, derived.instructions,
                  describe(to_cfi_row(table_->find(finding.address))), describe(*derived.found.states[first_wrong]));
  finding.weight = wrong;
  place(image_, finding);
  findings.push_back(std::move(finding));
}

void FrameTableCheck::finish(Findings& findings) const {
  if (bytes_ == 0) {
    findings.push_back(make_finding(FindingKind::frame_table_missing, 0, "no section of one, or an empty one"));
  } else if (missing_ != 0) {
    Finding finding = make_finding(
        FindingKind::frame_table_incomplete, first_missing_at_,
        fmt::format("{} instructions that could have a rule have none in the table; here is the first", missing_));
    place(image_, finding);
    findings.push_back(std::move(finding));
  }
}

}  // namespace surefoot::tools
