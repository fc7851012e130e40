// SPDX-License-Identifier: MIT
//
// What surefoot audit says, as text for people and as JSON.
#pragma once

#include <string>

#include "audit/audit.hpp"
#include "cli/audit_command.hpp"

namespace surefoot::tools {

/// The summary, then the findings that are asked for, by kind, worst first.
[[nodiscard]] std::string people_text(const AuditOptions& options, const AuditReport& report);

/// One object: the summary, and all findings.
[[nodiscard]] std::string json_text(const AuditOptions& options, const AuditReport& report);

}  // namespace surefoot::tools
