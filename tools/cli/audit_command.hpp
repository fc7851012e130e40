// SPDX-License-Identifier: MIT
//
// surefoot audit: says what in an image keeps traces from being reliable.
#pragma once

#include <string>

#include "cli/declarations.hpp"
#include "cli/exit_code.hpp"

namespace CLI {
class App;
}

namespace surefoot::tools {

struct AuditOptions {
  std::string image;
  std::string fail_on = "error";
  std::string level = "warning";
  DeclarationOptions declarations = {};
  bool is_json = false;
  bool is_all = false;
  bool is_without_progress = false;
  unsigned jobs = 1;
};

/// Adds the command to the program. `options` is filled in when the program's command line is parsed.
CLI::App* add_audit_command(CLI::App& program, AuditOptions& options);

[[nodiscard]] ExitCode run_audit(const AuditOptions& options);

}  // namespace surefoot::tools
