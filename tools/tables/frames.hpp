// SPDX-License-Identifier: MIT
//
// The rules of an image, its frame table and the table of its calls without a record: what `surefoot frames` writes,
// and what a trace of a memory dump is walked by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "elf/image.hpp"
#include "rules/describe.hpp"
#include "rules/rules.hpp"
#include "sframe/writer.hpp"
#include "surefoot/address.hpp"
#include "surefoot/special_ranges.hpp"
#include "work/in_order.hpp"

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

/// What is made of an image: its rules, its tables, and where those are to lie.
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

/// What may be wished of the tables. Places that are not named are chosen.
struct FramesWish {
  std::optional<std::uint64_t> address = {};
  std::optional<std::uint64_t> calls_address = {};
  bool is_differences = false;  ///< also find where rules and CFI differ
};

/// Where the image has a place for a table: the wish says, or a symbol, or a section.
[[nodiscard]] std::optional<std::uint64_t> find_place(const Image& image, const std::optional<std::uint64_t>& wanted,
                                                      std::string_view symbol_name, std::string_view section_name);

/// Derives the rules and writes the tables, or says what cannot be written.
[[nodiscard]] std::expected<Frames, std::string> derive_frames(const Image& image, const FramesWish& wish,
                                                               const Work& work, Declarations declarations = {});

}  // namespace surefoot::tools
