// SPDX-License-Identifier: MIT
//
// The tables of an image as the command line wants them.
#pragma once

#include <expected>
#include <string>

#include "cli/frames_command.hpp"
#include "tables/frames.hpp"
#include "tables/object_tables.hpp"

namespace surefoot::tools {

/// Derives the rules and writes the tables, or says what cannot be written.
[[nodiscard]] std::expected<Frames, std::string> make_frames(const Image& image, const FramesOptions& options,
                                                             Declarations declarations = {});

}  // namespace surefoot::tools
