// SPDX-License-Identifier: MIT
//
// Tables of special code, from C.
#include "surefoot/special_ranges.hpp"

#include "same_values.hpp"
#include "surefoot/c/special_ranges.h"
#include "view.hpp"

using namespace surefoot;
using detail::pack;
using detail::store;
using detail::view_as;

SUREFOOT_SAME_BYTES(surefoot_special_ranges, SpecialRanges);
SUREFOOT_SAME_LAYOUT(surefoot_range_entry, SpecialRangeEntry);
SUREFOOT_SAME_MEMBER(surefoot_range_entry, end_offset, SpecialRangeEntry, end_offset);
SUREFOOT_SAME_MEMBER(surefoot_range_entry, kind, SpecialRangeEntry, kind);
SUREFOOT_SAME_MEMBER(surefoot_range_entry, rule, SpecialRangeEntry, rule);
SUREFOOT_SAME_MEMBER(surefoot_range_entry, rule_offset, SpecialRangeEntry, rule_offset);
SUREFOOT_SAME_MEMBER(surefoot_range_entry, registers_offset, SpecialRangeEntry, registers_offset);
SUREFOOT_SAME_MEMBER(surefoot_range_entry, caller_sp, SpecialRangeEntry, caller_sp);
SUREFOOT_SAME_LAYOUT(surefoot_rule, Rule);
SUREFOOT_SAME_MEMBER(surefoot_rule, pc, Rule, pc);
SUREFOOT_SAME_MEMBER(surefoot_rule, lr, Rule, lr);
SUREFOOT_SAME_MEMBER(surefoot_rule, in_flight, Rule, in_flight);
SUREFOOT_SAME_MEMBER(surefoot_rule, base, Rule, base);
SUREFOOT_SAME_MEMBER(surefoot_rule, offset, Rule, offset);
SUREFOOT_SAME_MEMBER(surefoot_rule, fp_offset, Rule, fp_offset);
SUREFOOT_SAME_MEMBER(surefoot_rule, cfa_offset, Rule, cfa_offset);
SUREFOOT_SAME_LAYOUT(surefoot_special_range, SpecialRange);
SUREFOOT_SAME_MEMBER(surefoot_special_range, range, SpecialRange, range);
SUREFOOT_SAME_MEMBER(surefoot_special_range, kind, SpecialRange, kind);
SUREFOOT_SAME_MEMBER(surefoot_special_range, rule, SpecialRange, rule);

namespace {

[[maybe_unused]] constexpr void prove(Base value) noexcept {
  constexpr unsigned count = surefoot_base_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_base_, Base, none);
    SUREFOOT_SAME_VALUE(surefoot_base_, Base, fp);
    SUREFOOT_SAME_VALUE(surefoot_base_, Base, sp);
  }
}

}  // namespace

surefoot_special_ranges surefoot_no_special_ranges() { return pack<surefoot_special_ranges>(SpecialRanges::none()); }

bool surefoot_make_special_ranges(const surefoot_range_entry* entries, std::size_t count, surefoot_special_ranges* out,
                                  surefoot_error* error) {
  return store(SpecialRanges::make({view_as<const SpecialRangeEntry>(entries), count}), out, error);
}

bool surefoot_make_special_ranges_at(const surefoot_range_entry* entries, std::size_t count, std::uint64_t table_at,
                                     surefoot_special_ranges* out, surefoot_error* error) {
  return store(SpecialRanges::make({view_as<const SpecialRangeEntry>(entries), count}, table_at), out, error);
}

bool surefoot_make_absolute_special_ranges(const surefoot_special_range* ranges, std::size_t count,
                                           surefoot_special_ranges* out, surefoot_error* error) {
  return store(SpecialRanges::make({view_as<const SpecialRange>(ranges), count}), out, error);
}
