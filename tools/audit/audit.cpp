// SPDX-License-Identifier: MIT
#include "audit/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "audit/calls_table.hpp"
#include "audit/checks.hpp"
#include "audit/frame_table.hpp"
#include "elf/name.hpp"
#include "rules/describe.hpp"

namespace surefoot::tools {
namespace {

Finding share_finding(const Totals& totals, std::uint64_t code_bytes) {
  Finding finding = make_finding(
      FindingKind::share_of_instructions_with_rule, 0,
      fmt::format("{} of {} instructions have a rule, {:.3f} %, in functions that cover {:.3f} % of {} bytes of code",
                  totals.instructions.with_rule, totals.instructions.all, totals.instructions.percent(),
                  percent_covered(totals, code_bytes), code_bytes));
  if (totals.instructions.percent() < wanted_share) finding.level = Level::warning;
  return finding;
}

bool is_of_records(const Finding& finding) {
  switch (finding.kind) {
    case FindingKind::call_before_record:
    case FindingKind::function_without_record:
    case FindingKind::wrong_record_order: return true;
    default: return false;
  }
}

// Of an image that was compiled without frame pointers one error says what thousands would: most of its functions that
// call others have one of their own, and those are notes then.
void summarize_records(std::size_t calling_functions, Findings& findings) {
  constexpr std::size_t fewest = 16;
  std::set<std::uint64_t> without_record;
  for (const Finding& finding : findings) {
    if (is_of_records(finding)) without_record.insert(finding.start);
  }
  const std::size_t count = without_record.size();
  if (count < fewest || count <= calling_functions / 2) return;
  for (Finding& finding : findings) {
    if (is_of_records(finding)) finding.level = Level::note;
  }
  findings.push_back(make_finding(
      FindingKind::no_frame_pointers, 0,
      fmt::format("{} of {} functions that call others do so without a frame record", count, calling_functions)));
}

// What was found out about the whole image before its functions.
void add_remarks(const RuleDerivation& derivation, Findings& findings) {
  for (const std::string& error : derivation.way_errors()) {
    findings.push_back(make_finding(FindingKind::ways_not_understood, 0, error));
  }
  for (const UnknownEncodings& unknown : derivation.unknown_encodings()) {
    findings.push_back(make_finding(FindingKind::unknown_encodings, unknown.first, describe(unknown)));
    place(derivation.image(), findings.back());
  }
}

}  // namespace

std::size_t AuditReport::count(Level level) const {
  return static_cast<std::size_t>(std::ranges::count(findings, level, &Finding::level));
}

bool AuditReport::has(Level level) const {
  return std::ranges::any_of(findings, [level](const Finding& finding) { return finding.level >= level; });
}

void place(const Image& image, Finding& finding) {
  const Function* function = image.find_function(finding.address);
  if (function == nullptr) return;
  finding.function = function->name;
  finding.start = function->start;
}

std::string name_of(const Image& image, std::uint64_t address) {
  const auto import = std::ranges::lower_bound(image.imports(), address, {}, &Import::stub);
  if (import != image.imports().end() && import->stub == address) return demangle(import->name);
  const Function* function = image.find_function(address);
  if (function == nullptr || function->name.empty()) return fmt::format("{:#x}", address);
  if (function->start == address) return demangle(function->name);
  return fmt::format("{}+{:#x}", demangle(function->name), address - function->start);
}

AuditReport audit(const Image& image, const Work& work, Declarations declarations) {
  AuditReport report;
  Findings& findings = report.findings;
  const RuleDerivation derivation(image, work, std::move(declarations));
  const SpecialTable& special = derivation.special();
  report.special_ranges = special.entry_count();
  report.code_bytes = code_bytes(image);
  FrameTableCheck frame_table(image, findings);
  CallsTableCheck calls_table(derivation, findings);
  report.frame_table_bytes = frame_table.bytes();
  check_special_table(image, special, findings);
  check_special_code(image, special, findings);
  check_symbols(image, findings);
  add_remarks(derivation, findings);
  struct Checked {
    FunctionRules derived;
    Findings findings;
    bool is_calling = false;
  };
  const auto check = [&](std::size_t group) {
    std::vector<Checked> checked;
    for (FunctionRules& derived : derivation.derive(derivation.groups()[group])) {
      Findings found;
      const bool is_calling = check_calls(derivation, calls_table.table(), derived, found);
      check_return_addresses(image, special, derived.function, found);
      check_rules(image, derived, found);
      checked.push_back({std::move(derived), std::move(found), is_calling});
    }
    return checked;
  };
  std::size_t done = 0;
  std::size_t calling_functions = 0;
  make_in_order(derivation.groups().size(), work.jobs, check, [&](std::size_t, std::vector<Checked> checked) {
    for (const auto& [derived, found, is_calling] : checked) {
      calling_functions += is_calling ? 1 : 0;
      report.totals.add(derived);
      findings.insert(findings.end(), found.begin(), found.end());
      calls_table.check(derived);
      frame_table.check(derived, findings);
      work.progress("functions checked", ++done, derivation.functions().size());
    }
  });
  summarize_records(calling_functions, findings);
  frame_table.finish(findings);
  calls_table.finish(findings);
  findings.push_back(share_finding(report.totals, report.code_bytes));
  sort_findings(findings);
  return report;
}

}  // namespace surefoot::tools
