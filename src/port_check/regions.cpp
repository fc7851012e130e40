// SPDX-License-Identifier: MIT
//
// The description and its regions: what would be refused, and what is left out.
#include "port.hpp"

namespace surefoot::detail {
namespace {

void check_description(const KernelDescription& description, PortReport& report) noexcept {
  const auto add = [&report](const KernelError& error) {
    report.add(PortProblem::kernel_refused, error.index, 0, static_cast<std::uint8_t>(error.code));
  };
  if (description.code == nullptr) add({KernelFault::missing_code_map});
  // With a code map in any case, so that what else is wrong is told as well.
  const CodeMap no_code;
  KernelDescription rest = description;
  rest.code = &no_code;
  if (const auto made = Kernel::make(rest); !made) add(made.error());
}

// What is wrong with the region by itself, or behind the one before it.
void check_place(const Port& port, std::size_t index, PortReport& report) noexcept {
  auto checked = CodeMap::check(port.regions.subspan(index, 1));
  if (checked && index > 0) {
    checked = CodeMap::check(port.regions.subspan(index - 1, 2));
    // That of the region before was told.
    if (!checked && checked.error().index == 0) return;
  }
  if (checked) return;
  report.add(PortProblem::code_map_refused, index, port.regions[index].text.start(),
             static_cast<std::uint8_t>(checked.error().code));
}

[[nodiscard]] bool is_in_map(const CodeMap& code, const AddressRange& text) noexcept {
  for (const Region& region : code.regions()) {
    if (region.text.start() == text.start() && region.text.end() == text.end()) return true;
  }
  return false;
}

}  // namespace

void check_regions(const Port& port, PortReport& report) noexcept {
  using enum PortProblem;
  check_description(port.description, report);
  if (port.regions.empty()) report.add(no_code);
  if (port.regions.size() > max_regions) {
    report.add(code_map_refused, max_regions, 0, static_cast<std::uint8_t>(CodeMapFault::too_many_regions));
  }
  const Witnesses::Chosen& chosen = port.description.witnesses.chosen();
  for (std::size_t i = 0; i < port.regions.size(); ++i) {
    const Region& region = port.regions[i];
    const std::uint64_t start = region.text.start();
    check_place(port, i, report);
    if (port.description.code != nullptr && !is_in_map(*port.description.code, region.text)) {
      report.add(region_not_in_map, i, start);
    }
    if (!region.special_ranges.is_valid()) report.add(special_ranges_refused, i, start);
    if (!region.calls_without_record.is_valid()) report.add(calls_refused, i, start);
    if (!region.frame_table.exists()) {
      report.add(no_frame_table, i, start);
      if (chosen.frame_table_chain || chosen.call_target) report.add(witness_without_frame_table, i, start);
    }
    if (!region.text.is_empty() && cuts(port.description.pac, region.text)) report.add(pac_mask_cuts_text, i, start);
  }
}

}  // namespace surefoot::detail
