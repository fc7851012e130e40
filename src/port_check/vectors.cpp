// SPDX-License-Identifier: MIT
//
// The vectors: where an exception begins, nothing is as a frame record says, and only a special range tells.
#include "instructions.hpp"
#include "port.hpp"

namespace surefoot::detail {
namespace {

// [arm-arm D1.3]: 16 entries, of which the last eight are for exceptions from lower levels.
constexpr unsigned entry_count = 16;
constexpr unsigned first_lower_entry = 8;
constexpr std::uint64_t entry_size = 128;
constexpr std::uint64_t vectors_size = entry_count * entry_size;

bool is_exception_entry(const Port& port, std::uint64_t pc) noexcept {
  const Region* const region = port.find_region({pc, pc + instruction_size});
  return region != nullptr && region->special_ranges.find(pc).kind == SpecialKind::exception_entry;
}

// The first branch out of the entry that leads to ordinary code; 0 if there is none. A region without a valid table was
// reported.
std::uint64_t find_ordinary_path(const Port& port, const AddressRange& entry) noexcept {
  for (std::uint64_t at = entry.start(); at != entry.end(); at += instruction_size) {
    const std::uint32_t instruction = read_code(at);
    if (!is_b(instruction)) continue;
    const std::uint64_t target = target_of(instruction, at);
    const Region* const region = port.find_region({target, target + instruction_size});
    const bool is_unknown = region != nullptr && !region->special_ranges.is_valid();
    if (!entry.contains(target) && !is_unknown && !is_exception_entry(port, target)) return target;
  }
  return 0;
}

void check_entry(const Port& port, const Region& region, unsigned number, PortReport& report) noexcept {
  using enum PortProblem;
  const std::uint64_t at = port.facts.vectors + number * entry_size;
  const bool is_lower = number >= first_lower_entry;
  if (!is_exception_entry(port, at)) {
    // From a lower level, x29 and x30 are that level's own. They are believed only if a row says so.
    const bool is_note = is_lower && !region.frame_table.find(at).is_known();
    report.add(is_note ? lower_vector_not_special : vector_not_special, number, at);
  } else if (region.special_ranges.find(at).rule.is_known()) {
    report.add(vector_has_rule, number, at);
  }
  if (port.facts.is_code_execute_only) return;
  const std::uint64_t path = find_ordinary_path(port, {at, at + entry_size});
  if (path != 0) report.add(is_lower ? lower_vector_path_not_special : vector_path_not_special, number, path);
}

bool has_exception_frame_rule(const Port& port) noexcept {
  for (const Region& region : port.regions) {
    for (std::size_t i = 0; i < region.special_ranges.size(); ++i) {
      if (region.special_ranges.rule(i).pc == From::exception_frame) return true;
    }
  }
  return false;
}

}  // namespace

void check_vectors(const Port& port, PortReport& report) noexcept {
  using enum PortProblem;
  const std::uint64_t at = port.facts.vectors;
  if (port.description.exception.typing == RecordTyping::untyped && !has_exception_frame_rule(port)) {
    report.add(no_exception_frame_rule);
  }
  if (at == 0) return report.add(no_vectors);
  if (at % vectors_size != 0) return report.add(misaligned_vectors, 0, at);
  const Region* const region = port.find_region({at, at + vectors_size});
  if (region == nullptr) return report.add(vectors_not_text, 0, at);
  if (!region->special_ranges.is_valid()) return;
  for (unsigned i = 0; i < entry_count; ++i) check_entry(port, *region, i, report);
}

}  // namespace surefoot::detail
