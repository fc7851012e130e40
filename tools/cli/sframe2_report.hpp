// SPDX-License-Identifier: MIT
//
// surefoot frames --from-sframe2: the frame table of an image, made anew as version 3.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "cli/frames_command.hpp"
#include "elf/image.hpp"
#include "sframe/version_2.hpp"
#include "sframe/writer.hpp"

namespace surefoot::tools {

/// What the image's own section says, and the section that says the same in version 3.
struct ConvertedTable {
  std::uint64_t address = 0;
  std::uint64_t bytes_before = 0;
  SframeVersion2 before;
  SframeSection section;
};

[[nodiscard]] std::expected<ConvertedTable, std::string> convert_sframe2(const Image& image,
                                                                         const FramesOptions& options);

/// The summary, and the rows with --list; as text for people, or as one JSON object.
[[nodiscard]] std::string people_text(const FramesOptions& options, const Image& image, const ConvertedTable& table);
[[nodiscard]] std::string json_text(const FramesOptions& options, const Image& image, const ConvertedTable& table);

}  // namespace surefoot::tools
