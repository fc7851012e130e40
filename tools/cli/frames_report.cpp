// SPDX-License-Identifier: MIT
#include "cli/frames_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/report.hpp"
#include "elf/name.hpp"
#include "rules/describe.hpp"

namespace surefoot::tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr Comparison shown_comparisons[] = {
    Comparison::agree,        Comparison::derived_only,    Comparison::cfi_only,          Comparison::differ,
    Comparison::cfi_below_sp, Comparison::cfi_synchronous, Comparison::cfi_base_restored, Comparison::cfi_early};

// The rows of a function where they change, as a table holds them.
template <typename Take>
void for_each_row(const FunctionRows& function, Take take) {
  const std::optional<Row>* previous = nullptr;
  for (std::size_t i = 0; i < function.rows.size(); ++i) {
    const std::optional<Row>& row = function.rows[i];
    if (previous == nullptr || *previous != row) take(function.start + i * 4, row);
    previous = &row;
  }
}

// "name+0x14"; by the start of a function without a name; nothing outside of all functions.
std::string function_text(const Frames& frames, std::uint64_t pc) {
  const auto after = std::ranges::upper_bound(frames.functions, pc, {}, &PackedRows::start);
  if (after == frames.functions.begin() || pc >= std::prev(after)->end()) return {};
  const auto index = static_cast<std::size_t>(std::prev(after) - frames.functions.begin());
  const std::uint64_t start = frames.functions[index].start();
  const std::string& name = frames.names[index];
  return fmt::format("{}+{:#x}", name.empty() ? hex(start) : printable_name(demangle(name)), pc - start);
}

std::string row_text(const std::optional<Row>& row) { return row ? to_string(*row) : "none"; }

std::string summary_text(const FramesOptions& options, const Frames& frames) {
  const Totals& totals = frames.totals;
  std::string text;
  const auto out = std::back_inserter(text);
  const auto add_share = [out](const char* what, const Totals::Share& share) {
    fmt::format_to(out, "  {:<21} {:>9}   with a rule {:>9}  {:.3f} %\n", what, share.all, share.with_rule,
                   share.percent());
  };
  fmt::format_to(out, "{}: {} functions, {} of them with CFI\n", printable_name(options.image), totals.functions,
                 totals.functions_with_cfi);
  fmt::format_to(out, "bytes of code\n  {:<21} {:>9}   in functions {:>9}  {:.3f} %\ninstructions in functions\n",
                 "all", frames.code_bytes, totals.function_bytes, percent_covered(totals, frames.code_bytes));
  add_share("ordinary", totals.instructions);
  add_share("those with CFI", totals.instructions_with_cfi);
  if (totals.special_instructions != 0) {
    fmt::format_to(out, "  {:<21} {:>9}   by the special-range table\n", "special", totals.special_instructions);
  }
  if (totals.filling != 0) fmt::format_to(out, "  {:<21} {:>9}   that nothing runs\n", "filling", totals.filling);
  fmt::format_to(out, "compared with CFI\n");
  for (const Comparison comparison : shown_comparisons) {
    fmt::format_to(out, "  {:<21} {:>9}\n", to_string(comparison), totals.count(comparison));
  }
  if (frames.faulty_cfi_entries != 0) {
    fmt::format_to(out, "  {:<21} {:>9}\n", "faulty CFI entries", frames.faulty_cfi_entries);
  }
  if (!frames.table_error.empty()) fmt::format_to(out, "  not with {}\n", frames.table_error);
  for (const std::string& error : frames.way_errors) fmt::format_to(out, "not followed: {}\n", error);
  for (const UnknownEncodings& unknown : frames.unknown_encodings) {
    fmt::format_to(out, "not known: {}, the first at {}\n", describe(unknown), hex(unknown.first));
  }
  fmt::format_to(out, "calls\n  {:<21} {:>9}   in code that could not be followed {:>9}\n", "without a record",
                 frames.calls.addresses.size(), frames.calls.not_followed);
  if (!frames.layout.empty()) fmt::format_to(out, "code of a relocatable object, as if it lay here\n");
  for (const auto& [name, address] : frames.layout) {
    fmt::format_to(out, "  {:<21} {:>9}\n", printable_name(name), hex(address));
  }
  const char* chosen = frames.is_place_chosen ? " (chosen, as the image has no place for it)" : "";
  text += "bytes\n" + table_text(frames.section, frames.address, chosen);
  if (!frames.calls.table.empty()) {
    fmt::format_to(out, "  {:<21} {:>9}   at {}: {} ranges\n", "table of calls", frames.calls.table.size(),
                   hex(frames.calls.address), frames.calls.range_count());
  }
  if (frames.sframe_bytes != 0) fmt::format_to(out, "  {:<21} {:>9}\n", ".sframe there", frames.sframe_bytes);
  if (frames.eh_frame_bytes != 0) fmt::format_to(out, "  {:<21} {:>9}\n", ".eh_frame", frames.eh_frame_bytes);
  fmt::format_to(out, "  {:<21} {:>9}\n", "code", frames.text_bytes);
  return text;
}

std::string list_text(const Frames& frames) {
  std::string text = rows_text(frames.functions, frames.names);
  const auto out = std::back_inserter(text);
  if (!frames.calls.addresses.empty()) text += "\ncalls without a record\n";
  for (const std::uint64_t call : frames.calls.addresses) {
    const std::string function = function_text(frames, call);
    fmt::format_to(out, "  {:016x}  {}\n", call, function.empty() ? "in no function" : function);
  }
  return text;
}

std::string differences_text(const Frames& frames) {
  std::string text;
  for (const Difference& difference : frames.differences) {
    fmt::format_to(std::back_inserter(text), "\n{} {:#x}..{:#x} {}\n  CFI      {}\n  derived  {}\n",
                   to_string(difference.comparison), difference.start, difference.end,
                   printable_name(demangle(difference.function)), difference.cfi, difference.derived);
  }
  return text;
}

Json share_json(const Totals::Share& share) {
  return {{"all", share.all}, {"with_rule", share.with_rule}, {"percent", share.percent()}};
}

Json frames_json(const FramesOptions& options, const Frames& frames) {
  const Totals& totals = frames.totals;
  Json comparisons;
  for (const Comparison comparison : shown_comparisons) {
    comparisons[to_string(comparison)] = totals.count(comparison);
  }
  Json unknown_encodings = Json::array();
  for (const UnknownEncodings& unknown : frames.unknown_encodings) {
    unknown_encodings.push_back(
        {{"bits_31_to_25", unknown.group}, {"count", unknown.count}, {"first", hex(unknown.first)}});
  }
  Json layout = Json::array();
  for (const auto& [name, address] : frames.layout) layout.push_back({{"section", name}, {"address", hex(address)}});
  Json json = {
      {"image", options.image},
      {"functions", totals.functions},
      {"functions_with_cfi", totals.functions_with_cfi},
      {"code",
       {{"bytes", frames.code_bytes},
        {"in_functions", totals.function_bytes},
        {"percent", percent_covered(totals, frames.code_bytes)}}},
      {"instructions", share_json(totals.instructions)},
      {"instructions_with_cfi", share_json(totals.instructions_with_cfi)},
      {"special_instructions", totals.special_instructions},
      {"filling", totals.filling},
      {"comparisons", comparisons},
      {"faulty_cfi_entries", frames.faulty_cfi_entries},
      {"layout", std::move(layout)},
      {"sframe_error", frames.table_error.empty() ? Json(nullptr) : Json(frames.table_error)},
      {"way_errors", frames.way_errors},
      {"unknown_encodings", std::move(unknown_encodings)},
      {"table", table_json(frames.section, frames.address)},
      {"calls_without_record",
       {{"count", frames.calls.addresses.size()},
        {"not_followed", frames.calls.not_followed},
        {"address", hex(frames.calls.address)},
        {"bytes", frames.calls.table.size()},
        {"ranges", frames.calls.range_count()}}},
      {"bytes", {{"code", frames.text_bytes}, {"eh_frame", frames.eh_frame_bytes}, {"sframe", frames.sframe_bytes}}}};
  json["table"]["is_address_chosen"] = frames.is_place_chosen;
  if (options.is_list) {
    json["list"] = rows_json(frames.functions, frames.names);
    Json calls = Json::array();
    for (const std::uint64_t call : frames.calls.addresses) {
      calls.push_back({{"pc", hex(call)}, {"function", function_text(frames, call)}});
    }
    json["calls_without_record"]["list"] = std::move(calls);
  }
  if (options.is_differences) {
    Json list = Json::array();
    for (const Difference& difference : frames.differences) {
      list.push_back({{"comparison", to_string(difference.comparison)},
                      {"function", difference.function},
                      {"start", hex(difference.start)},
                      {"end", hex(difference.end)},
                      {"cfi", difference.cfi},
                      {"derived", difference.derived}});
    }
    json["differences"] = std::move(list);
  }
  return json;
}

}  // namespace

std::string rows_text(const std::vector<PackedRows>& functions, const std::vector<std::string>& names) {
  std::string text;
  const auto out = std::back_inserter(text);
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const FunctionRows function = functions[i].unpack();
    fmt::format_to(out, "\n{:#x}..{:#x} {}\n", function.start, function.end, printable_name(demangle(names[i])));
    for_each_row(function, [&](std::uint64_t pc, const std::optional<Row>& row) {
      fmt::format_to(out, "  {:016x}  {}\n", pc, row_text(row));
    });
  }
  return text;
}

std::string table_text(const SframeSection& section, std::uint64_t address, std::string_view note) {
  return fmt::format("  {:<21} {:>9}   at {}{}: {} functions, {} rows, {} descriptions shared\n", "frame table",
                     section.bytes.size(), hex(address), note, section.statistics.functions, section.statistics.rows,
                     section.statistics.shared_descriptions);
}

nlohmann::ordered_json table_json(const SframeSection& section, std::uint64_t address) {
  return {{"address", hex(address)},
          {"bytes", section.bytes.size()},
          {"functions", section.statistics.functions},
          {"rows", section.statistics.rows},
          {"shared_descriptions", section.statistics.shared_descriptions}};
}

nlohmann::ordered_json rows_json(const std::vector<PackedRows>& functions, const std::vector<std::string>& names) {
  Json list = Json::array();
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const FunctionRows function = functions[i].unpack();
    Json rows = Json::array();
    for_each_row(function, [&](std::uint64_t pc, const std::optional<Row>& row) {
      rows.push_back({{"pc", hex(pc)}, {"rule", row ? Json(to_string(*row)) : nullptr}});
    });
    list.push_back(
        {{"name", names[i]}, {"start", hex(function.start)}, {"end", hex(function.end)}, {"rows", std::move(rows)}});
  }
  return list;
}

std::string people_text(const FramesOptions& options, const Frames& frames) {
  std::string text = summary_text(options, frames);
  if (options.is_list) text += list_text(frames);
  if (options.is_differences) text += differences_text(frames);
  return text;
}

std::string json_text(const FramesOptions& options, const Frames& frames) {
  // Names are bytes, and need not be UTF-8.
  return frames_json(options, frames).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace surefoot::tools
