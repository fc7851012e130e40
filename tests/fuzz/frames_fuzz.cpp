// SPDX-License-Identifier: MIT
//
// Any bytes as the file of which the host tool makes a frame table: what it derives is right in the states that it
// found, and the library's readers find in the tables what was put there.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "cli/frames_tables.hpp"
#include "cli/sframe2_report.hpp"
#include "elf/special_table.hpp"
#include "require.hpp"
#include "rules/calls.hpp"
#include "rules/compiler_table.hpp"
#include "rules/rules.hpp"
#include "sframe/writer.hpp"

namespace surefoot::tools {
namespace {

using testing::require;

void check_derived(const FunctionRules& derived, const std::optional<FrameTable>& own_table) {
  const std::vector<std::optional<Row>>& rows = derived.rows.rows;
  require(rows.size() == derived.function.instruction_count() && derived.found.states.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const State* const state = derived.found.states[i];
    if (rows[i] && rows[i]->where != Row::Where::nowhere) require(state && is_right(*rows[i], *state));
    if (own_table) static_cast<void>(compare(state, own_table->find(derived.address_of(i))));
  }
}

void check_table(const std::vector<FunctionRows>& functions) {
  constexpr std::uint64_t table_at = 0x1000;
  const auto section = write_sframe(functions, table_at);
  if (!section) return;
  const auto table = FrameTable::make(section->bytes, table_at);
  require(table.has_value());
  for (const FunctionRows& function : functions) {
    for (std::size_t i = 0; i < function.rows.size(); ++i) {
      require(table->find(function.start + 4 * i).is_known() == function.rows[i].has_value());
    }
  }
}

void check_calls(const CallsWithoutRecord& calls) {
  constexpr std::uint64_t table_at = 0x1000;
  const auto bytes = write_special_ranges(calls.ranges(), SpecialKind::call_without_record, table_at);
  if (!bytes || bytes->empty()) return;
  std::vector<SpecialRangeEntry> entries(bytes->size() / sizeof(SpecialRangeEntry));
  std::memcpy(entries.data(), bytes->data(), bytes->size());
  const auto table = SpecialRanges::make(entries, table_at);
  require(table.has_value());
  for (const std::uint64_t call : calls.addresses()) require(table->find(call).is_special());
}

// The tables of an object go into it, and what comes out is an object again, with the same functions.
void check_object(const Image& image) {
  FramesOptions options;
  options.is_without_progress = true;
  const auto frames = make_frames(image, options);
  if (!frames) return;
  const auto tables = make_object_tables(image, *frames);
  require(tables.has_value());
  const auto object = add_sections(image.file(), *tables);
  if (!object) return;
  const auto again = Image::from_memory(*object);
  require(again.has_value() && again->is_relocatable() && again->functions().size() == image.functions().size());
}

void check_conversion(const Image& image) {
  const auto converted = convert_sframe2(image, {});
  if (!converted) return;
  const auto table = FrameTable::make(converted->section.bytes, converted->address);
  require(table.has_value());
  for (const FunctionRows& function : converted->before.functions) {
    for (std::size_t i = 0; i < function.rows.size(); ++i) {
      require(table->find(function.start + 4 * i).is_known() == function.rows[i].has_value());
    }
  }
}

void check(std::span<const std::byte> file) {
  const auto image = Image::from_memory(file);
  if (!image) return;
  check_conversion(*image);
  if (image->is_relocatable()) check_object(*image);
  const auto own_table = find_frame_table(*image);
  const RuleDerivation derivation(*image);
  std::vector<FunctionRows> functions;
  CallsWithoutRecord calls(derivation);
  for (const Group& group : derivation.groups()) {
    for (FunctionRules& derived : derivation.derive(group)) {
      check_derived(derived, own_table.value_or(std::nullopt));
      calls.add(derived);
      functions.push_back(std::move(derived.rows));
    }
  }
  calls.finish();
  check_calls(calls);
  std::ranges::sort(functions, {}, &FunctionRows::start);
  check_table(functions);
}

}  // namespace
}  // namespace surefoot::tools

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  surefoot::tools::check(std::as_bytes(std::span(data, size)));
  return 0;
}
