// SPDX-License-Identifier: MIT
#include "tables/frames.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "elf/linked_table.hpp"
#include "elf/special_table.hpp"
#include "rules/calls.hpp"

namespace surefoot::tools {
namespace {

std::uint64_t size_of(const Image& image, std::string_view name) {
  const Section* section = image.find_section(name);
  return section == nullptr ? 0 : section->size;
}

std::uint64_t align(std::uint64_t address) { return (address + 7) & ~std::uint64_t{7}; }

// The place of the table of calls. If the image has none, it is behind the frame table, if that is there for the same
// reason.
std::uint64_t calls_place(const Image& image, const FramesWish& wish, const Frames& frames) {
  const auto place = find_place(image, wish.calls_address, "__surefoot_calls_start", ".surefoot.calls");
  if (place) return *place;
  return frames.is_place_chosen ? align(frames.address + frames.section.bytes.size()) : place_behind(image);
}

// What is kept of a group of functions.
struct DerivedGroup {
  std::vector<FunctionRules> functions;
  std::vector<Difference> differences;
};

DerivedGroup derive_group(const RuleDerivation& derivation, const Group& group, bool is_differences) {
  DerivedGroup made{.functions = derivation.derive(group), .differences = {}};
  if (!is_differences) return made;
  for (const FunctionRules& derived : made.functions) {
    std::ranges::move(find_differences(derived, derivation.cfi()), std::back_inserter(made.differences));
  }
  return made;
}

}  // namespace

std::optional<std::uint64_t> find_place(const Image& image, const std::optional<std::uint64_t>& wanted,
                                        std::string_view symbol_name, std::string_view section_name) {
  if (wanted) return wanted;
  if (const Symbol* symbol = image.find_symbol(symbol_name)) return symbol->address;
  if (const Section* section = image.find_section(section_name)) return section->address;
  return std::nullopt;
}

std::expected<Frames, std::string> derive_frames(const Image& image, const FramesWish& wish, const Work& work,
                                                 Declarations declarations) {
  const RuleDerivation derivation(image, work, std::move(declarations));
  Frames frames;
  const auto place = find_place(image, wish.address, "__surefoot_frame_table_start", ".sframe");
  frames.is_place_chosen = !place;
  frames.address = place ? *place : place_behind(image);
  frames.faulty_cfi_entries = derivation.cfi().faulty_entries();
  frames.table_error = derivation.table_error();
  frames.way_errors = derivation.way_errors();
  frames.unknown_encodings = derivation.unknown_encodings();
  frames.code_bytes = code_bytes(image);
  for (const Section& section : image.sections()) {
    if (!section.is_executable) continue;
    frames.text_bytes += section.size;
    if (image.is_relocatable()) frames.layout.push_back({section.name, section.address});
  }
  frames.eh_frame_bytes = size_of(image, ".eh_frame");
  frames.sframe_bytes = size_of(image, ".sframe");
  const std::vector<Function>& functions = derivation.functions();
  CallsWithoutRecord calls(derivation);
  const auto derive = [&](std::size_t group) {
    return derive_group(derivation, derivation.groups()[group], wish.is_differences);
  };
  make_in_order(derivation.groups().size(), work.jobs, derive, [&](std::size_t, DerivedGroup made) {
    for (FunctionRules& derived : made.functions) {
      frames.totals.add(derived);
      calls.add(derived);
      frames.functions.emplace_back(derived.rows);
    }
    std::ranges::move(made.differences, std::back_inserter(frames.differences));
    work.progress("functions with their rules", frames.functions.size(), functions.size());
  });
  // Functions of a group need not be neighbours.
  std::ranges::sort(frames.functions, {}, &PackedRows::start);
  std::ranges::sort(frames.differences, {}, &Difference::start);
  for (const Function& function : functions) frames.names.push_back(function.name);
  SframeWriter writer(frames.address);
  for (const PackedRows& function : frames.functions) writer.add(function.unpack());
  std::expected<SframeSection, std::string> section = writer.finish();
  if (!section) return std::unexpected(section.error());
  frames.section = std::move(*section);
  calls.finish();
  frames.calls.address = calls_place(image, wish, frames);
  frames.calls.addresses = calls.addresses();
  frames.calls.not_followed = calls.not_followed();
  frames.calls.ranges = calls.ranges();
  auto table = write_special_ranges(frames.calls.ranges, SpecialKind::call_without_record, frames.calls.address);
  if (!table) return std::unexpected(table.error());
  frames.calls.table = std::move(*table);
  return frames;
}

}  // namespace surefoot::tools
