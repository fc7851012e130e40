// SPDX-License-Identifier: MIT
#include "cli/sframe2_report.hpp"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/frames_report.hpp"
#include "cli/frames_tables.hpp"
#include "cli/report.hpp"
#include "elf/linked_table.hpp"
#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

std::vector<std::string> names_of(const Image& image, const std::vector<FunctionRows>& functions) {
  std::vector<std::string> names;
  for (const FunctionRows& rows : functions) {
    const Function* function = image.find_function(rows.start);
    names.push_back(function != nullptr && function->start == rows.start ? function->name : std::string());
  }
  return names;
}

std::vector<PackedRows> packed(const std::vector<FunctionRows>& functions) {
  return {functions.begin(), functions.end()};
}

}  // namespace

std::expected<ConvertedTable, std::string> convert_sframe2(const Image& image, const FramesOptions& options) {
  const Section* section = image.find_section(".sframe");
  if (section == nullptr) return std::unexpected("no section .sframe");
  std::vector<CodeStretch> code;
  for (const Section& candidate : image.sections()) {
    if (candidate.is_executable) code.push_back({candidate.address, candidate.address + candidate.bytes.size()});
  }
  std::expected<SframeVersion2, std::string> read = read_sframe_version_2(section->bytes, section->address, code);
  if (!read) return std::unexpected(".sframe: " + read.error());
  ConvertedTable table{.address = *find_place(image, options.address, "__surefoot_frame_table_start", ".sframe"),
                       .bytes_before = section->size,
                       .before = std::move(*read),
                       .section = {}};
  std::expected<SframeSection, std::string> written = write_sframe(table.before.functions, table.address);
  if (!written) return std::unexpected(written.error());
  table.section = std::move(*written);
  return table;
}

std::string people_text(const FramesOptions& options, const Image& image, const ConvertedTable& table) {
  std::string text;
  const auto out = std::back_inserter(text);
  const SframeVersion2& before = table.before;
  fmt::format_to(out, "{}: SFrame version 2, {} functions\n", printable_name(options.image), before.entries);
  fmt::format_to(out, "  {:<21} {:>9}\n", "converted", before.functions.size());
  if (before.unusable != 0) {
    fmt::format_to(out, "  {:<21} {:>9}   damaged, of no code of the image, or overlapping\n", "left out",
                   before.unusable);
  }
  if (before.undefined_rows != 0) {
    fmt::format_to(out, "  {:<21} {:>9}   no rule: version 2 does not define them\n", "undefined rows",
                   before.undefined_rows);
  }
  text += "bytes\n" + table_text(table.section, table.address);
  fmt::format_to(out, "  {:<21} {:>9}\n", ".sframe there", table.bytes_before);
  if (options.is_list) text += rows_text(packed(before.functions), names_of(image, before.functions));
  return text;
}

std::string json_text(const FramesOptions& options, const Image& image, const ConvertedTable& table) {
  using Json = nlohmann::ordered_json;
  Json json = {{"image", options.image},
               {"version", 2},
               {"functions", table.before.entries},
               {"converted", table.before.functions.size()},
               {"left_out", table.before.unusable},
               {"undefined_rows", table.before.undefined_rows},
               {"table", table_json(table.section, table.address)},
               {"bytes", {{"sframe", table.bytes_before}}}};
  if (options.is_list)
    json["list"] = rows_json(packed(table.before.functions), names_of(image, table.before.functions));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace surefoot::tools
