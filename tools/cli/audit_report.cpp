// SPDX-License-Identifier: MIT
#include "cli/audit_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "cli/report.hpp"
#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t listed_of_each_kind = 10;

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string summary_text(const AuditOptions& options, const AuditReport& report) {
  const Totals& totals = report.totals;
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{}: {}, {}, {}\n", printable_name(options.image), counted(report.count(Level::error), "error"),
                 counted(report.count(Level::warning), "warning"), counted(report.count(Level::note), "note"));
  fmt::format_to(out, "  {}, {} instructions, {:.3f} % of them with a rule\n", counted(totals.functions, "function"),
                 totals.instructions.all, totals.instructions.percent());
  fmt::format_to(out, "  {} bytes of code, {:.3f} % of them in functions\n", report.code_bytes,
                 percent_covered(totals, report.code_bytes));
  fmt::format_to(out, "  {} with {} instructions, {}\n", counted(report.special_ranges, "special range"),
                 totals.special_instructions,
                 report.frame_table_bytes == 0 ? "no frame table"
                                               : fmt::format("a frame table of {} bytes", report.frame_table_bytes));
  return text;
}

bool is_listed(const Finding& finding, const AuditOptions& options) {
  switch (finding.level) {
    case Level::error: return true;
    case Level::warning: return options.level != to_string(Level::error);
    case Level::note: return options.level == to_string(Level::note);
  }
  return true;
}

std::string place_text(const Finding& finding) {
  switch (finding.kind) {
    case FindingKind::frame_table_missing:
    case FindingKind::no_frame_pointers:
    case FindingKind::share_of_instructions_with_rule:
    case FindingKind::ways_not_understood: return "the image";
    default: break;
  }
  if (finding.function.empty()) return hex(finding.address);
  return fmt::format("{} {}+{:#x}", hex(finding.address), printable_name(demangle(finding.function)),
                     finding.address - finding.start);
}

// Findings of one kind and level, which follow each other.
void append_group(std::string& text, std::span<const Finding> group, bool is_all) {
  const auto out = std::back_inserter(text);
  const KindInfo& kind = info(group.front().kind);
  fmt::format_to(out, "\n{}: {}", to_string(group.front().level), kind.id);
  if (group.size() > 1) fmt::format_to(out, " ({})", group.size());
  fmt::format_to(out, "\n  {}\n  {}\n", kind.why, kind.mend);
  const std::size_t listed = is_all ? group.size() : std::min(group.size(), listed_of_each_kind);
  for (const Finding& finding : group.first(listed)) {
    fmt::format_to(out, "    {}: {}\n", place_text(finding), printable_name(finding.detail));
  }
  if (listed < group.size()) fmt::format_to(out, "    and {} more (--all lists them)\n", group.size() - listed);
}

Json finding_json(const Finding& finding) {
  const KindInfo& kind = info(finding.kind);
  return {{"kind", kind.id},
          {"level", to_string(finding.level)},
          {"address", hex(finding.address)},
          {"function", finding.function.empty() ? Json(nullptr) : Json(finding.function)},
          {"detail", finding.detail},
          {"why", kind.why},
          {"mend", kind.mend}};
}

}  // namespace

std::string people_text(const AuditOptions& options, const AuditReport& report) {
  std::string text = summary_text(options, report);
  std::vector<Finding> findings;
  std::ranges::copy_if(report.findings, std::back_inserter(findings),
                       [&options](const Finding& finding) { return is_listed(finding, options); });
  const std::size_t notes = report.count(Level::note);
  if (findings.empty()) text += "\nno findings\n";
  for (std::size_t first = 0; first < findings.size();) {
    std::size_t end = first;
    while (end < findings.size() && findings[end].kind == findings[first].kind &&
           findings[end].level == findings[first].level) {
      ++end;
    }
    append_group(text, std::span(findings).subspan(first, end - first), options.is_all);
    first = end;
  }
  if (notes != 0 && options.level != to_string(Level::note)) {
    text += fmt::format("\n{} not listed: --level note\n", counted(notes, "note"));
  }
  return text;
}

std::string json_text(const AuditOptions& options, const AuditReport& report) {
  const Totals& totals = report.totals;
  Json findings = Json::array();
  for (const Finding& finding : report.findings) findings.push_back(finding_json(finding));
  const Json json = {{"image", options.image},
                     {"summary",
                      {{"errors", report.count(Level::error)},
                       {"warnings", report.count(Level::warning)},
                       {"notes", report.count(Level::note)},
                       {"functions", totals.functions},
                       {"instructions",
                        {{"all", totals.instructions.all},
                         {"with_rule", totals.instructions.with_rule},
                         {"percent", totals.instructions.percent()}}},
                       {"code",
                        {{"bytes", report.code_bytes},
                         {"in_functions", totals.function_bytes},
                         {"percent", percent_covered(totals, report.code_bytes)}}},
                       {"special_ranges", report.special_ranges},
                       {"special_instructions", totals.special_instructions},
                       {"frame_table_bytes", report.frame_table_bytes}}},
                     {"findings", std::move(findings)}};
  // Names are bytes, and need not be UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace surefoot::tools
