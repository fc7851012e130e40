// SPDX-License-Identifier: MIT
//
// The instructions of each region against its tables, and against the mask of pointer authentication.
#include "instructions.hpp"
#include "port.hpp"

namespace surefoot::detail {
namespace {

// The first address in the range whose instruction is as asked; 0 if there is none.
template <typename IsAsked>
std::uint64_t find_instruction(const AddressRange& range, IsAsked is_asked) noexcept {
  for (std::uint64_t at = range.start(); at != range.end(); at += instruction_size) {
    if (is_asked(read_code(at))) return at;
  }
  return 0;
}

// Whether the range may be what it is declared to be. Its rule holds throughout, and so does what it says of sp: only
// the last instruction may change it.
bool fits(const SpecialRange& special) noexcept {
  const AddressRange& range = special.range;
  const bool is_tracers_call =
      special.kind == SpecialKind::ftrace_call || special.kind == SpecialKind::ftrace_graph_caller;
  const auto is_call_or_nop = [](std::uint32_t instruction) { return is_call(instruction) || instruction == nop; };
  if (is_tracers_call && find_instruction(range, is_call_or_nop) == 0) return false;
  const auto moves_sp = [](std::uint32_t instruction) {
    const SpChange change = find_sp_change(instruction);
    return change.kind == SpChange::Kind::unknown || change.by != 0;
  };
  return special.rule.base != Base::sp ||
         find_instruction({range.start(), range.end() - instruction_size}, moves_sp) == 0;
}

// Of the ranges inside the text: a table may be shared.
template <typename Fits>
void check_ranges(const SpecialRanges& table, const AddressRange& text, Fits fits_code, PortProblem problem,
                  std::size_t region, PortReport& report) noexcept {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const SpecialRange special = table[i];
    const AddressRange& range = special.range;
    if (!text.contains(range.start(), range.end() - range.start()) || fits_code(special)) continue;
    return report.add(problem, region, range.start());
  }
}

// The first word of the site that no tracing runtime writes there; 0 if there is none. A BL is the last one.
std::uint64_t find_other_word(const AddressRange& site) noexcept {
  return find_instruction(site, [&site, at = site.start()](std::uint32_t word) mutable {
    at += instruction_size;
    const bool is_known = word == nop || word == mov_x9_x30 || word == bti_c || (is_bl(word) && at == site.end());
    return !is_known;
  });
}

void check_patch_sites(const Port& port, std::size_t region, PortReport& report) noexcept {
  const PatchSites& sites = port.regions[region].patch_sites;
  std::uint64_t outside = 0;
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const AddressRange site = sites[i];
    const bool is_text = port.find_region(site) != nullptr;
    if (!is_text && outside == 0) outside = site.start();
    if (is_text && wrong == 0) wrong = find_other_word(site);
  }
  if (outside != 0) report.add(PortProblem::patch_site_outside_text, region, outside);
  if (wrong != 0) report.add(PortProblem::patch_site_of_other_code, region, wrong);
}

// With a mask of 0 signed return addresses are taken for what they are not.
void check_signing(const Port& port, std::size_t region, PortReport& report) noexcept {
  // SCTLR_ELx.EnIA and EnIB.
  constexpr std::uint64_t is_signing_on = std::uint64_t{3} << 30;
  const std::uint64_t control = port.facts.system_control;
  if (port.description.pac.bits() != 0 || (control != 0 && (control & is_signing_on) == 0)) return;
  const std::uint64_t signs_at = find_instruction(port.regions[region].text, signs_return_address);
  if (signs_at == 0) return;
  report.add(control == 0 ? PortProblem::pac_not_looked_at : PortProblem::pac_mask_missing, region, signs_at);
}

}  // namespace

void check_code(const Port& port, PortReport& report) noexcept {
  using enum PortProblem;
  if (port.regions.empty()) return;
  if (port.facts.is_code_execute_only) {
    const Witnesses::Chosen& chosen = port.description.witnesses.chosen();
    if (chosen.call_site || chosen.call_target) report.add(witness_without_code);
    return report.add(code_not_looked_at);
  }
  for (std::size_t i = 0; i < port.regions.size(); ++i) {
    const Region& region = port.regions[i];
    // Told already; and such a text is not to be read.
    if (!CodeMap::check(port.regions.subspan(i, 1))) continue;
    check_frame_table(port, i, report);
    check_ranges(region.special_ranges, region.text, fits, special_ranges_of_other_code, i, report);
    const auto has_call = [](const SpecialRange& call) { return find_instruction(call.range, is_call) != 0; };
    check_ranges(region.calls_without_record, region.text, has_call, calls_of_other_code, i, report);
    check_patch_sites(port, i, report);
    check_signing(port, i, report);
  }
}

}  // namespace surefoot::detail
