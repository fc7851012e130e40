// SPDX-License-Identifier: MIT
//
// The names of special code and of what can be wrong with the table. Linked only where a name is asked for.
#include "surefoot/patch_sites.hpp"
#include "surefoot/special_ranges.hpp"

namespace surefoot {

// No default in either switch: -Wswitch names the enumerator that was forgotten.

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
  }
  return "unknown";
}

const char* to_string(SpecialRangesError::Code code) noexcept {
  switch (code) {
    case SpecialRangesError::Code::empty_table: return "empty_table";
    case SpecialRangesError::Code::empty_range: return "empty_range";
    case SpecialRangesError::Code::misaligned: return "misaligned";
    case SpecialRangesError::Code::unsorted: return "unsorted";
    case SpecialRangesError::Code::overlapping: return "overlapping";
    case SpecialRangesError::Code::unknown_kind: return "unknown_kind";
    case SpecialRangesError::Code::unknown_rule: return "unknown_rule";
    case SpecialRangesError::Code::nonzero_reserved: return "nonzero_reserved";
  }
  return "unknown";
}

const char* to_string(PatchSitesError::Code code) noexcept {
  switch (code) {
    case PatchSitesError::Code::unsorted: return "unsorted";
    case PatchSitesError::Code::bad_site: return "bad_site";
  }
  return "unknown";
}

}  // namespace surefoot
