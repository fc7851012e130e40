// SPDX-License-Identifier: MIT
//
// What surefoot frames says, as text for people and as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/frames_command.hpp"
#include "rules/describe.hpp"
#include "rules/rules.hpp"
#include "sframe/writer.hpp"
#include "surefoot/address.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot::tools {

/// The calls that are made without a frame record (rules/calls.hpp), and the table of them.
struct CallsTable {
  std::uint64_t address = 0;
  std::vector<std::uint64_t> addresses;  // of the calls, sorted
  std::size_t not_followed = 0;          // of them: in code that could not be followed
  std::vector<AddressRange> ranges;
  std::vector<std::byte> table;
  [[nodiscard]] std::size_t range_count() const { return table.size() / sizeof(SpecialRangeEntry); }
};

/// Everything that the command says, before it is put in one form or the other.
struct Frames {
  std::uint64_t address = 0;
  bool is_place_chosen = false;  // the image has no place for the table, nor does the command line name one
  std::vector<std::pair<std::string, std::uint64_t>> layout;  // where sections of a relocatable object are taken to lie
  Totals totals;
  std::uint64_t code_bytes = 0;
  std::size_t faulty_cfi_entries = 0;
  std::string table_error;                   // why the image's .sframe was not compared
  std::vector<std::string> way_errors = {};  // of tables of the image that were not understood
  std::vector<UnknownEncodings> unknown_encodings;
  SframeSection section;
  CallsTable calls;
  std::uint64_t text_bytes = 0;
  std::uint64_t eh_frame_bytes = 0;
  std::uint64_t debug_frame_bytes = 0;
  std::uint64_t sframe_bytes = 0;
  std::vector<PackedRows> functions;
  std::vector<std::string> names;  // of the same
  std::vector<Difference> differences;
};

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
