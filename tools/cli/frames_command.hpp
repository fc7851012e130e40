// SPDX-License-Identifier: MIT
//
// surefoot frames: makes a frame table for an image.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cli/declarations.hpp"
#include "cli/exit_code.hpp"

namespace CLI {
class App;
}

namespace surefoot::tools {

struct FramesOptions {
  std::string image;
  std::string output;
  std::optional<std::uint64_t> address;
  std::string calls_output = {};
  std::optional<std::uint64_t> calls_address = {};
  DeclarationOptions declarations = {};
  std::string object_output = {};
  bool is_from_sframe2 = false;
  bool is_json = false;
  bool is_list = false;
  bool is_differences = false;
  bool is_without_progress = false;
  unsigned jobs = 1;
};

/// Adds the command to the program. `options` is filled in when the program's command line is parsed.
CLI::App* add_frames_command(CLI::App& program, FramesOptions& options);

[[nodiscard]] ExitCode run_frames(const FramesOptions& options);

}  // namespace surefoot::tools
