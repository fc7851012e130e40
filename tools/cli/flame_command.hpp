// SPDX-License-Identifier: MIT
//
// surefoot flame: names the samples of a profile, and draws them.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.hpp"

namespace CLI {
class App;
}

namespace surefoot::tools {

struct FlameOptions {
  std::string profile;
  std::string image;
  std::vector<std::string> modules = {};
  std::string folded_output = {};
  std::string svg_output = {};
  std::string json_output = {};
  std::string title = {};
};

/// Adds the command to the program. `options` is filled in when the program's command line is parsed.
CLI::App* add_flame_command(CLI::App& program, FlameOptions& options);

[[nodiscard]] ExitCode run_flame(const FlameOptions& options);

}  // namespace surefoot::tools
