// SPDX-License-Identifier: MIT
//
// What surefoot frames says, as text for people and as JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/frames_command.hpp"
#include "sframe/writer.hpp"
#include "tables/frames.hpp"

namespace surefoot::tools {

/// The rows of functions where they change: as the option --list shows them, and as JSON.
[[nodiscard]] std::string rows_text(const std::vector<PackedRows>& functions, const std::vector<std::string>& names);
/// The line of a frame table in a report, and the same in JSON. `note` stands behind the address.
[[nodiscard]] std::string table_text(const SframeSection& section, std::uint64_t address, std::string_view note = {});
[[nodiscard]] nlohmann::ordered_json table_json(const SframeSection& section, std::uint64_t address);

[[nodiscard]] nlohmann::ordered_json rows_json(const std::vector<PackedRows>& functions,
                                               const std::vector<std::string>& names);

/// The summary, and after it what else was asked for.
[[nodiscard]] std::string people_text(const FramesOptions& options, const Frames& frames);

/// One object with the same contents.
[[nodiscard]] std::string json_text(const FramesOptions& options, const Frames& frames);

}  // namespace surefoot::tools
