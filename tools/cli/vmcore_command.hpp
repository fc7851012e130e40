// SPDX-License-Identifier: MIT
//
// surefoot vmcore: walks the tasks of a memory dump of Linux.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/exit_code.hpp"
#include "linux/trace.hpp"

namespace CLI {
class App;
}

namespace surefoot::tools {

struct VmcoreOptions {
  std::string dump;
  std::string vmlinux = {};
  std::string modules = {};
  std::optional<std::int64_t> pid = {};
  std::string policy = "strict";
  std::optional<std::uint64_t> base = {};
  bool is_without_cache = false;
  bool is_json = false;
  bool is_summary = false;
  std::string flame_output = {};
  std::string folded_output = {};
  std::string color = "auto";
  bool is_without_progress = false;
  unsigned jobs = 1;
};

/// Adds the command to the program. `options` is filled in when the program's command line is parsed.
CLI::App* add_vmcore_command(CLI::App& program, VmcoreOptions& options);

[[nodiscard]] ExitCode run_vmcore(const VmcoreOptions& options);

/// Writes and prints what is asked for of a report, with its tasks by rising pid. The exit code says whether the dump
/// held all that the walks asked for.
[[nodiscard]] ExitCode show_dump(const VmcoreOptions& options, DumpReport report);

}  // namespace surefoot::tools
