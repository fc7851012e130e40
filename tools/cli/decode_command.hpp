// SPDX-License-Identifier: MIT
//
// surefoot decode: says what the lines of a log mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"

namespace CLI {
class App;
}

namespace surefoot::tools {

struct DecodeOptions {
  std::string log = "-";
  std::string image;
  std::vector<std::string> modules;
  std::string html;
  std::string color = "auto";
  std::optional<unsigned> source_lines = {};
};

/// Adds the command to the program. `options` is filled in when the program's command line is parsed.
CLI::App* add_decode_command(CLI::App& program, DecodeOptions& options);

[[nodiscard]] ExitCode run_decode(const DecodeOptions& options);

}  // namespace surefoot::tools
