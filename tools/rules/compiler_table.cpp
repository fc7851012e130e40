// SPDX-License-Identifier: MIT
//
// A rule of a frame table in the terms of CFI, so that there is one comparison for both.
#include "rules/compiler_table.hpp"

#include <fmt/core.h>

namespace surefoot::tools {
namespace {

using Kind = CfiPlace::Kind;

CfiPlace at_cfa(const Rule& rule, std::int32_t offset_from_base) {
  return {.kind = Kind::at_cfa, .number = std::int64_t{offset_from_base} - rule.cfa_offset};
}

}  // namespace

CfiRow to_cfi_row(const Rule& rule) {
  CfiRow row;
  row.has_cfa = rule.base != Base::none;
  row.cfa_register = rule.base == Base::fp ? fp_number : sp_number;
  row.cfa_offset = rule.cfa_offset;
  switch (rule.pc) {
    case From::link_register: break;
    case From::saved_pair: row.fp = at_cfa(rule, rule.fp_offset); [[fallthrough]];
    case From::saved_pc: row.ra = at_cfa(rule, rule.offset); break;
    case From::final_record: row.ra = {.kind = Kind::undefined}; break;
    case From::nowhere:
    case From::frame_record:
    case From::x9:
    case From::stack:
    case From::return_stack:
    case From::exception_frame: row.ra = {.kind = Kind::unsupported}; break;
  }
  return row;
}

std::expected<std::optional<FrameTable>, std::string> find_frame_table(const Image& image) {
  const Section* section = image.find_section(".sframe");
  if (section == nullptr) return std::nullopt;
  const std::expected<FrameTable, FrameTableError> table = FrameTable::make(section->bytes, section->address);
  if (!table) return std::unexpected(fmt::format(".sframe: {}", surefoot::to_string(table.error().code)));
  return *table;
}

Comparison compare(const State* state, const Rule& rule) {
  if (!rule.is_known()) return compare(state, nullptr);
  CfiRow row = to_cfi_row(rule);
  const Comparison result = compare(state, &row);
  if (result != Comparison::differ) return result;
  row.is_signed = true;
  return compare(state, &row);
}

}  // namespace surefoot::tools
