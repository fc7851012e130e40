// SPDX-License-Identifier: MIT
#include "sweep/breakage.hpp"

#include <array>
#include <cstddef>

#include "boot/command_line.hpp"
#include "surefoot/ftrace.hpp"
#include "sweep/table_breakage.hpp"
#include "walks/linked_tables.hpp"

namespace sweep {
namespace {

using surefoot::From;
using surefoot::Rule;
using surefoot::SpecialKind;
using surefoot::SpecialRange;
using surefoot::SpecialRangeEntry;
using surefoot::SpecialRanges;

constexpr auto saved_pc_offset =
    static_cast<std::int16_t>(SUREFOOT_FTRACE_FRAME_OFFSET_PC - SUREFOOT_FTRACE_FRAME_OFFSET_FUNCTION_RECORD);

struct NamedRule {
  const char* name;
  Rule rule;
  Rule broken;  ///< plausible, and wrong
};

// Every form that a rule has in the linked table, whatever it says of sp and of saved registers.
constexpr NamedRule rules[] = {
    // E4. As if F were already what its caller is: P is missing.
    {"before_frame", {.pc = From::link_register, .lr = From::x9}, {.pc = From::link_register}},
    // E6 to E8.
    {"in_frame", {.pc = From::frame_record, .in_flight = 2, .offset = saved_pc_offset}, {}},
    // E10. As if F had its record: P is missing.
    {"saved_registers",
     {.pc = From::stack, .lr = From::link_register, .offset = SUREFOOT_FTRACE_FRAME_OFFSET_PC},
     {.pc = From::stack, .offset = SUREFOOT_FTRACE_FRAME_OFFSET_PC}},
    // E11. As if the trampoline returned to P: F is missing.
    {"way_back_in_x9", {.pc = From::x9, .lr = From::link_register}, {.pc = From::link_register}},
    // R1. The record is that of P's caller: P is missing. (The link register would do: RET has left the hook there.)
    {"newest_entry", {.pc = From::return_stack}, {.pc = From::frame_record}},
    // R2, R4, and the exceptions' own code, which a record describes.
    {"record", {.pc = From::frame_record}, {}},
    // R5. The record is that of P's caller: P is missing.
    {"link_register_again", {.pc = From::link_register, .in_flight = 1}, {.pc = From::frame_record}},
    // A leaf. The record is that of its caller.
    {"leaf", {.pc = From::link_register}, {.pc = From::frame_record}},
};

// What is no form of its own: one part of the rules that have it, or something beside the table.
constexpr const char* in_flight = "in_flight";
constexpr const char* saved_pc = "saved_pc";
constexpr const char* caller_sp = "caller_sp";
constexpr const char* patch_sites = "patch_sites";
constexpr const char* frame_table = "frame_table";
constexpr const char* others[] = {in_flight, saved_pc, caller_sp, patch_sites, frame_table};

constexpr Rule form_of(Rule rule) noexcept {
  rule.base = surefoot::Base::none;
  rule.cfa_offset = 0;
  rule.fp_offset = 0;
  return rule;
}

// The rule as it is in the broken table.
Rule broken_rule(std::span<const char> name, const Rule& rule) noexcept {
  Rule result = rule;
  if (kernel::is_word(name, in_flight)) result.in_flight = 0;
  if (kernel::is_word(name, saved_pc) && rule.pc == From::frame_record) result.offset = 0;
  // As if sp were where it is within the frame, or on the way to it.
  if (kernel::is_word(name, caller_sp) && rule.base == surefoot::Base::sp) result.cfa_offset += 16;
  for (const NamedRule& named : rules) {
    if (!kernel::is_word(name, named.name) || form_of(rule) != named.rule) continue;
    result = named.broken;
    if (!result.needs_registers() || !result.is_known()) return result;
    result.base = rule.base;
    result.cfa_offset = rule.cfa_offset;
  }
  return result;
}

std::uint8_t packed(const Rule& rule) noexcept {
  return static_cast<std::uint8_t>(static_cast<unsigned>(rule.pc) |
                                   static_cast<unsigned>(rule.lr) << SUREFOOT_RULE_SHIFT_LR |
                                   static_cast<unsigned>(rule.in_flight) << SUREFOOT_RULE_SHIFT_IN_FLIGHT);
}

constexpr std::size_t most_entries = 128;
constinit std::array<SpecialRangeEntry, most_entries> copy{};

bool is_name(std::span<const char> name) noexcept {
  for (std::size_t i = 0; rule_name(i) != nullptr; ++i) {
    if (kernel::is_word(name, rule_name(i))) return true;
  }
  return false;
}

// As if a function were at its entry for some instructions more. Without the sites the frame table would do.
bool stretch_patch_sites(surefoot::Region& image) noexcept {
  const std::span<const std::uint64_t> entries = kernel::walks::patch_entries();
  if (entries.empty()) return false;
  const auto site = surefoot::ftrace::PatchSite::make(entries[0]);
  if (!site) return false;
  constexpr std::uint64_t too_far = 16 * surefoot::instruction_size;
  const auto sites =
      surefoot::PatchSites::make(entries, site->function() - entries[0], site->call_at() + too_far - entries[0]);
  image.patch_sites = sites.value_or(surefoot::PatchSites());
  return sites.has_value();
}

}  // namespace

bool break_rule(std::span<const char> name, surefoot::Region& image) noexcept {
  if (!is_name(name)) return false;
  if (kernel::is_word(name, patch_sites)) return stretch_patch_sites(image);
  if (kernel::is_word(name, frame_table)) {
    image.frame_table = {};
    return true;
  }
  if (is_table_rule(name)) {
    image.frame_table = broken_frame_table(name);
    return image.frame_table.exists();
  }
  const SpecialRanges& ranges = image.special_ranges;
  const std::size_t count = ranges.size();
  if (count > most_entries) return false;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < count; ++i) {
    copy[i] = __surefoot_ranges_start[i];
    const Rule before = ranges[i].rule;
    const Rule after = broken_rule(name, before);
    if (after == before) continue;
    copy[i].rule = packed(after);
    copy[i].rule_offset = static_cast<std::int16_t>(after.offset);
    copy[i].registers_offset = static_cast<std::int16_t>(after.fp_offset);
    const bool has_sp = after.base == surefoot::Base::sp;
    copy[i].caller_sp =
        has_sp ? static_cast<std::uint16_t>(after.cfa_offset | SUREFOOT_CALLER_SP_IS_KNOWN) : std::uint16_t{0};
    ++changed;
  }
  const auto made = SpecialRanges::make(std::span<const SpecialRangeEntry>(copy).first(count),
                                        reinterpret_cast<std::uintptr_t>(__surefoot_ranges_start));
  if (!made || changed == 0) return false;
  image.special_ranges = *made;
  return true;
}

bool has_name_for_all(const SpecialRanges& ranges) noexcept {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    bool is_named = !ranges[i].rule.is_known();
    for (const NamedRule& named : rules) is_named = is_named || form_of(ranges[i].rule) == named.rule;
    if (!is_named) return false;
  }
  return true;
}

const char* rule_name(std::size_t index) noexcept {
  constexpr std::size_t rule_count = std::size(rules);
  if (index < rule_count) return rules[index].name;
  constexpr std::size_t others_end = rule_count + std::size(others);
  return index < others_end ? others[index - rule_count] : table_rule_name(index - others_end);
}

}  // namespace sweep
