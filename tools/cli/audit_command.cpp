// SPDX-License-Identifier: MIT
#include "cli/audit_command.hpp"

#include <CLI/CLI.hpp>
#include <expected>

#include "audit/audit.hpp"
#include "cli/audit_report.hpp"
#include "cli/report.hpp"

namespace surefoot::tools {
namespace {

bool fails(const AuditReport& report, const std::string& fail_on) {
  for (const Level level : {Level::note, Level::warning, Level::error}) {
    if (fail_on == to_string(level)) return report.has(level);
  }
  return false;  // never
}

}  // namespace

CLI::App* add_audit_command(CLI::App& program, AuditOptions& options) {
  CLI::App* command = program.add_subcommand("audit", "Say what in an image keeps traces from being reliable");
  command->add_option("IMAGE", options.image, "an AArch64 ELF file: a linked one, or a relocatable object")
      ->required()
      ->option_text(" ");
  command
      ->add_option("--fail-on", options.fail_on,
                   "the least that makes the exit code 1: error (the default), warning, note or never")
      ->option_text("LEVEL")
      ->check(CLI::IsMember({"error", "warning", "note", "never"}));
  command->add_option("--level", options.level, "the least that is listed: error, warning (the default) or note")
      ->option_text("LEVEL")
      ->check(CLI::IsMember({"error", "warning", "note"}));
  add_declaration_options(*command, options.declarations);
  command->add_flag("--all", options.is_all, "list all findings of these levels, not just the first of each kind");
  command->add_flag("--json", options.is_json, "print one JSON object, with all findings");
  command->add_flag("--no-progress", options.is_without_progress,
                    "no progress on standard error, if that is a terminal");
  add_jobs_option(*command, options.jobs);
  command->footer(exit_codes_text);
  return command;
}

ExitCode run_audit(const AuditOptions& options) {
  const std::expected<Image, Image::Error> image = Image::open(options.image);
  if (!image) {
    print_error(options.image, image.error());
    return ExitCode::bad_input;
  }
  std::expected<Declarations, std::string> declarations = read_declarations(*image, options.declarations);
  if (!declarations) {
    print_error(options.image, declarations.error());
    return ExitCode::bad_input;
  }
  AuditReport report;
  {
    Progress progress("audit", !options.is_without_progress);
    report = audit(*image, make_work(options.jobs, progress), std::move(*declarations));
  }
  const ExitCode printed = print(options.is_json ? json_text(options, report) : people_text(options, report));
  if (printed != ExitCode::ok) return printed;
  return fails(report, options.fail_on) ? ExitCode::findings : ExitCode::ok;
}

}  // namespace surefoot::tools
