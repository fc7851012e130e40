// SPDX-License-Identifier: MIT
#include "audit/calls_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace surefoot::tools {
namespace {

// How many of the sorted calls are in the range.
std::uint64_t calls_in(const AddressRange& range, const std::vector<std::uint64_t>& calls) {
  return static_cast<std::uint64_t>(std::ranges::lower_bound(calls, range.end()) -
                                    std::ranges::lower_bound(calls, range.start()));
}

}  // namespace

CallsTableCheck::CallsTableCheck(const RuleDerivation& derivation, Findings& findings)
    : image_(derivation.image()), table_(SpecialTable::of_calls(image_)), calls_(derivation) {
  if (!table_.is_present()) return;
  std::string reason;
  if (!table_.is_in_file()) {
    reason = "the file does not hold the table's bytes";
  } else if (table_.odd_bytes() != 0) {
    reason = fmt::format("{} bytes after the last of {} whole entries", table_.odd_bytes(), table_.entry_count());
  } else if (table_.entry_count() != 0 && !table_.check()) {
    const auto& error = table_.check().error();
    reason = fmt::format("entry {}: {}", error.index, surefoot::to_string(error.code));
  }
  if (!reason.empty()) findings.push_back(make_finding(FindingKind::calls_table_refused, table_.address(), reason));
}

void CallsTableCheck::finish(Findings& findings) {
  if (table_.ranges().size() == 0) return;
  calls_.finish();
  const SpecialRanges& linked = table_.ranges();
  std::vector<std::uint64_t> missing;
  std::ranges::copy_if(calls_.addresses(), std::back_inserter(missing),
                       [&](std::uint64_t call) { return !linked.find(call).is_special(); });
  // By ranges: a damaged table may cover the whole address space.
  std::vector<std::uint64_t> surplus;
  for (std::size_t i = 0; i < linked.size(); ++i) {
    const AddressRange& range = linked[i].range;
    const std::uint64_t instructions = (range.end() - range.start()) / instruction_size;
    if (calls_in(range, calls_.addresses()) != instructions) surplus.push_back(range.start());
  }
  if (missing.empty() && surplus.empty()) return;
  Finding finding = make_finding(
      FindingKind::calls_table_wrong, missing.empty() ? surplus.front() : missing.front(),
      fmt::format("{} calls without a record are missing from it, and {} of its {} ranges hold something else",
                  missing.size(), surplus.size(), linked.size()));
  place(image_, finding);
  findings.push_back(std::move(finding));
}

}  // namespace surefoot::tools
