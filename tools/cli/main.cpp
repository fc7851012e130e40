// SPDX-License-Identifier: MIT
//
// The program surefoot: its command line, and what becomes of errors.
#include <CLI/CLI.hpp>
#include <exception>
#include <new>
#include <string>

#include "cli/audit_command.hpp"
#include "cli/decode_command.hpp"
#include "cli/flame_command.hpp"
#include "cli/frames_command.hpp"
#include "cli/report.hpp"
#include "cli/vmcore_command.hpp"
#include "surefoot/version.h"

namespace surefoot::tools {
namespace {

// One line about the word that is wrong.
ExitCode refuse(const CLI::App& program, const std::string& first, const std::string& reason) {
  std::string commands;
  bool is_command = false;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    commands += (commands.empty() ? "" : ", ") + command->get_name();
    is_command |= command->get_name() == first;
  }
  if (first.empty()) {
    print_error("no command", "there are " + commands + "; see surefoot --help");
  } else if (!is_command && !first.starts_with('-')) {
    print_error(first, "no such command: there are " + commands);
  } else {
    print_error(first, reason + "; see surefoot " + (is_command ? first + " " : "") + "--help");
  }
  return ExitCode::bad_input;
}

ExitCode run(int argc, const char* const* argv) {
  CLI::App program(
      "Frame tables, audits, profiles and decoded logs of linked AArch64 images, for kernels that walk their own "
      "stacks; and the tasks of Linux memory dumps.",
      "surefoot");
  program.set_version_flag("--version", "surefoot " SUREFOOT_VERSION);
  program.require_subcommand(1);
  program.footer(exit_codes_text);
  FramesOptions frames_options;
  AuditOptions audit_options;
  DecodeOptions decode_options;
  FlameOptions flame_options;
  VmcoreOptions vmcore_options;
  const CLI::App* frames = add_frames_command(program, frames_options);
  add_audit_command(program, audit_options);
  const CLI::App* decode = add_decode_command(program, decode_options);
  const CLI::App* flame = add_flame_command(program, flame_options);
  const CLI::App* vmcore = add_vmcore_command(program, vmcore_options);
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& request) {  // --help, --version
    program.exit(request);
    return std::cout.flush() ? ExitCode::ok : ExitCode::failed;
  } catch (const CLI::ParseError& error) {
    return refuse(program, argc > 1 ? argv[1] : "", error.what());
  }
  if (decode->parsed()) return run_decode(decode_options);
  if (flame->parsed()) return run_flame(flame_options);
  if (vmcore->parsed()) return run_vmcore(vmcore_options);
  return frames->parsed() ? run_frames(frames_options) : run_audit(audit_options);
}

}  // namespace
}  // namespace surefoot::tools

int main(int argc, char** argv) {
  using surefoot::tools::ExitCode;
  try {
    return static_cast<int>(surefoot::tools::run(argc, argv));
  } catch (const std::bad_alloc&) {
    surefoot::tools::print_error("failed", "out of memory");
  } catch (const std::exception& error) {
    surefoot::tools::print_error("failed", error.what());
  }
  return static_cast<int>(ExitCode::failed);
}
