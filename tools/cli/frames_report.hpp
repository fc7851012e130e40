// SPDX-License-Identifier: MIT
//
// What surefoot frames says, as text for people and as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/frames_command.hpp"
#include "frames/derive.hpp"
#include "frames/describe.hpp"
#include "sframe/writer.hpp"

namespace surefoot::tools {

/// Everything that the command says, before it is put in one form or the other.
struct Frames {
  std::uint64_t address = 0;
  Totals totals;
  std::size_t faulty_cfi_entries = 0;
  std::string table_error;  // why the image's .sframe was not compared
  SframeSection section;
  std::uint64_t text_bytes = 0;
  std::uint64_t eh_frame_bytes = 0;
  std::uint64_t debug_frame_bytes = 0;
  std::uint64_t sframe_bytes = 0;
  std::vector<FunctionRows> functions;
  std::vector<std::string> names;  // of the same
  std::vector<Difference> differences;
};

/// The summary, and after it what else was asked for.
[[nodiscard]] std::string people_text(const FramesOptions& options, const Frames& frames);

/// One object with the same contents.
[[nodiscard]] std::string json_text(const FramesOptions& options, const Frames& frames);

}  // namespace surefoot::tools
