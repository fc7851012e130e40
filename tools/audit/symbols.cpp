// SPDX-License-Identifier: MIT
//
// Code that symbols do not describe, or not wholly.
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "audit/checks.hpp"
#include "audit/encoding.hpp"
#include "code/flow.hpp"
#include "elf/name.hpp"

namespace surefoot::tools {
namespace {

// What linkers make without symbols of its own: the procedure linkage table, and stubs for far branches.
bool is_linkage_table(const Section& section) {
  return section.name == ".plt" || section.name == ".iplt" || section.name.starts_with(".plt.");
}

// adrp x16 / add x16 / br x16, and ldr x16 / br x16, perhaps after a landing pad; x17 for x16 in the middle of some.
bool is_veneer(const Image& image, std::uint64_t start, std::uint64_t end) {
  constexpr std::uint64_t max_instructions = 6;
  if ((end - start) / 4 > max_instructions) return false;
  bool has_jump = false;
  for (std::uint64_t pc = start; pc < end; pc += 4) {
    const std::optional<std::uint32_t> word = image.instruction_at(pc);
    if (!word || is_padding(*word)) continue;
    const unsigned result = *word & 31;
    const bool is_scratch = result == 16 || result == 17;
    const bool is_address = (*word & 0x1f000000) == 0x10000000 || (*word & 0xff800000) == 0x91000000;
    const bool is_load = (*word & 0xff000000) == 0x58000000 || (*word & 0xffc00000) == 0xf9400000;
    const bool is_landing_pad = (*word & 0xffffff3f) == 0xd503241f;
    const Flow flow = flow_of(*word, pc);
    const bool is_jump = flow.kind == Flow::Kind::indirect_jump;
    if (is_jump && (flow.target_register == 16 || flow.target_register == 17)) {
      has_jump = true;
    } else if (!((is_address || is_load) && is_scratch) && !is_landing_pad) {
      return false;
    }
  }
  return has_jump;
}

// GNU ld puts a branch in front of its stubs that leads over all of them, though the function before does not end
// there. `next` is where the first one begins.
bool is_branch_over_veneers(const Image& image, std::uint64_t start, std::uint64_t end, std::uint64_t next) {
  const std::optional<std::uint32_t> word = image.instruction_at(start);
  if (end - start != 4 || !word) return false;
  const Flow flow = flow_of(*word, start);
  if (flow.kind != Flow::Kind::jump || flow.target <= next) return false;
  return is_veneer(image, next, next + 8) || is_veneer(image, next, next + 12) || is_veneer(image, next, next + 16);
}

bool is_code(const Image& image, std::uint64_t pc) {
  const std::optional<std::uint32_t> word = image.instruction_at(pc);
  return word && !is_padding(*word);
}

std::uint64_t align(std::uint64_t address) { return (address + 3) & ~std::uint64_t{3}; }

// One stretch that no function covers: its code without the padding around it, if there is any.
void check_gap(const Image& image, const Section& section, std::uint64_t start, std::uint64_t end, Findings& findings) {
  const std::uint64_t next = end;
  while (start < end && !is_code(image, start)) start += 4;
  while (start < end && !is_code(image, end - 4)) end -= 4;
  if (start >= end) return;
  const bool is_linkers =
      is_linkage_table(section) || is_veneer(image, start, end) || is_branch_over_veneers(image, start, end, next);
  const auto kind = is_linkers ? FindingKind::code_of_the_linker : FindingKind::code_outside_symbols;
  findings.push_back(
      make_finding(kind, start, fmt::format("{} bytes in {}, up to {:#x}", end - start, section.name, end)));
  findings.back().weight = end - start;
}

void check_section(const Image& image, const Section& section, Findings& findings) {
  const std::vector<Function>& functions = image.functions();
  // Whole instructions only.
  const std::uint64_t size = std::min<std::uint64_t>(section.size, section.bytes.size());
  const std::uint64_t section_end = (section.address + size) & ~std::uint64_t{3};
  std::uint64_t at = align(section.address);
  if (at < section.address) return;  // the last bytes there are, and no instruction
  auto next = std::ranges::upper_bound(functions, at, {}, &Function::end);
  while (at < section_end) {
    const std::uint64_t gap_end =
        next == functions.end() ? section_end : std::min(section_end, std::max(at, next->start));
    check_gap(image, section, at, gap_end, findings);
    if (next == functions.end() || next->start >= section_end) return;
    at = std::max(at, align(next->end));
    ++next;
  }
}

// Names that differ, of functions with a size, at one address; one of them local. Global ones alone are aliases that
// are meant: a compiler keeps each of those that others may compare.
void check_folded(std::span<const Symbol> symbols_there, Findings& findings) {
  std::vector<std::string> names;
  bool has_local = false;
  for (const Symbol& symbol : symbols_there) {
    // GCC's own second name for a global function.
    if (!symbol.is_function || symbol.size == 0 || symbol.name.find(".localalias") != std::string::npos) continue;
    has_local = has_local || !symbol.is_global;
    names.push_back(demangle(symbol.name));
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);  // the variants of a constructor are one function
  names.erase(repeated.begin(), repeated.end());
  if (!has_local || names.size() < 2) return;
  findings.push_back(make_finding(FindingKind::folded_functions, symbols_there.front().address,
                                  fmt::format("one code for {}", fmt::join(names, ", "))));
  findings.back().weight = names.size();
}

}  // namespace

void check_symbols(const Image& image, Findings& findings) {
  const std::span<const Symbol> symbols = image.symbols();
  for (std::size_t first = 0, last = 0; first < symbols.size(); first = last) {
    while (last < symbols.size() && symbols[last].address == symbols[first].address) ++last;
    const std::size_t count = findings.size();
    check_folded(symbols.subspan(first, last - first), findings);
    if (findings.size() != count) place(image, findings.back());
  }
  for (const Section& section : image.sections()) {
    if (section.is_executable) check_section(image, section, findings);
  }
  for (const Function& function : image.functions()) {
    if (function.has_size) continue;
    const bool has_name = !function.name.empty();
    const auto kind = has_name ? FindingKind::symbol_without_size : FindingKind::code_outside_symbols;
    Finding finding = make_finding(
        kind, function.start,
        has_name ? fmt::format("taken to end at {:#x}, after {} bytes", function.end, function.end - function.start)
                 : fmt::format("{} bytes that only CFI describes, up to {:#x}", function.end - function.start,
                               function.end));
    place(image, finding);
    findings.push_back(std::move(finding));
  }
}

}  // namespace surefoot::tools
