// SPDX-License-Identifier: MIT
//
// The names of special code and of what can be wrong with the table. Linked only where a name is asked for.
#include "surefoot/code_map.hpp"
#include "surefoot/patch_sites.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot {

// No default in any of these: -Wswitch names the enumerator that was forgotten.

const char* to_string(SpecialKind kind) noexcept {
  switch (kind) {
    case SpecialKind::none: return "none";
    case SpecialKind::exception_entry: return "exception_entry";
    case SpecialKind::ftrace_call: return "ftrace_call";
    case SpecialKind::ftrace_graph_caller: return "ftrace_graph_caller";
    case SpecialKind::return_to_handler: return "return_to_handler";
    case SpecialKind::ftrace_trampoline: return "ftrace_trampoline";
    case SpecialKind::return_hook: return "return_hook";
    case SpecialKind::veneer: return "veneer";
    case SpecialKind::other: return "other";
    case SpecialKind::call_without_record: return "call_without_record";
  }
  return "unknown";
}

const char* to_string(SpecialRangesFault fault) noexcept {
  switch (fault) {
    case SpecialRangesFault::empty_table: return "empty_table";
    case SpecialRangesFault::empty_range: return "empty_range";
    case SpecialRangesFault::misaligned: return "misaligned";
    case SpecialRangesFault::unsorted: return "unsorted";
    case SpecialRangesFault::overlapping: return "overlapping";
    case SpecialRangesFault::unknown_kind: return "unknown_kind";
    case SpecialRangesFault::unknown_rule: return "unknown_rule";
    case SpecialRangesFault::nonzero_reserved: return "nonzero_reserved";
  }
  return "unknown";
}

const char* to_string(PatchSitesFault fault) noexcept {
  switch (fault) {
    case PatchSitesFault::unsorted: return "unsorted";
    case PatchSitesFault::bad_site: return "bad_site";
  }
  return "unknown";
}

const char* to_string(CodeMapFault fault) noexcept {
  switch (fault) {
    case CodeMapFault::empty_region: return "empty_region";
    case CodeMapFault::misaligned_region: return "misaligned_region";
    case CodeMapFault::too_large_region: return "too_large_region";
    case CodeMapFault::unsorted_regions: return "unsorted_regions";
    case CodeMapFault::overlapping_regions: return "overlapping_regions";
    case CodeMapFault::straddling_range: return "straddling_range";
    case CodeMapFault::too_many_regions: return "too_many_regions";
    case CodeMapFault::storage_too_small: return "storage_too_small";
  }
  return "unknown";
}

}  // namespace surefoot
