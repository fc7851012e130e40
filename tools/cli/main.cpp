// SPDX-License-Identifier: MIT
//
// The program surefoot: its command line, and what becomes of errors.
#include <CLI/CLI.hpp>
#include <exception>
#include <new>

#include "cli/audit_command.hpp"
#include "cli/frames_command.hpp"
#include "cli/report.hpp"

namespace surefoot::tools {
namespace {

ExitCode run(int argc, const char* const* argv) {
  CLI::App program("Frame tables and audits of linked AArch64 images, for kernels that walk their own stacks.",
                   "surefoot");
  program.set_version_flag("--version", "surefoot " SUREFOOT_VERSION);
  program.require_subcommand(1);
  program.footer(exit_codes_text);
  FramesOptions frames_options;
  AuditOptions audit_options;
  const CLI::App* frames = add_frames_command(program, frames_options);
  add_audit_command(program, audit_options);
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& request) {  // --help, --version
    program.exit(request);
    return std::cout.flush() ? ExitCode::ok : ExitCode::failed;
  } catch (const CLI::ParseError& error) {
    print_error(argc > 1 ? argv[1] : "usage", std::string(error.what()) + " (see surefoot --help)");
    return ExitCode::bad_input;
  }
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
