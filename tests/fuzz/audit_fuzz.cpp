// SPDX-License-Identifier: MIT
//
// Any bytes as the file that is audited. Whatever they are, the audit ends, its findings are where it says, and its
// reports hold together.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>

#include "audit/audit.hpp"
#include "cli/audit_report.hpp"
#include "require.hpp"

namespace surefoot::tools {
namespace {

using testing::require;

void check(std::span<const std::byte> file) {
  const auto image = Image::from_memory(file);
  if (!image) return;
  const AuditReport report = audit(*image);
  require(report.totals.instructions.with_rule <= report.totals.instructions.all);
  require(report.totals.functions == image->functions().size());
  Level level = Level::error;
  for (const Finding& finding : report.findings) {
    require(finding.level <= level);
    level = finding.level;
    const Function* function = image->find_function(finding.address);
    require(finding.function.empty() || (function != nullptr && function->start == finding.start));
  }
  AuditOptions options;
  options.is_all = true;
  require(!people_text(options, report).empty());
  const auto json = nlohmann::json::parse(json_text(options, report));
  require(json.at("findings").size() == report.findings.size());
}

}  // namespace
}  // namespace surefoot::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  surefoot::tools::check(std::as_bytes(std::span(data, size)));
  return 0;
}
