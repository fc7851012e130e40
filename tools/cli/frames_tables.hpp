// SPDX-License-Identifier: MIT
//
// What surefoot frames makes of an image: its rules, its tables, and where those are to lie.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "cli/frames_command.hpp"
#include "cli/frames_report.hpp"
#include "elf/object_writer.hpp"

namespace surefoot::tools {

/// Where the image has a place for a table: the command line says, or a symbol, or a section.
[[nodiscard]] std::optional<std::uint64_t> find_place(const Image& image, const std::optional<std::uint64_t>& wanted,
                                                      std::string_view symbol_name, std::string_view section_name);

/// Derives the rules and writes the tables, or says what cannot be written.
[[nodiscard]] std::expected<Frames, std::string> make_frames(const Image& image, const FramesOptions& options,
                                                             Declarations declarations = {});

/// The tables of a relocatable object, as sections to add to it. Each section of code has tables of its own, as a
/// loader may put it anywhere.
[[nodiscard]] std::expected<std::vector<AddedSection>, std::string> make_object_tables(const Image& image,
                                                                                       const Frames& frames);

}  // namespace surefoot::tools
