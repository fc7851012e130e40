// SPDX-License-Identifier: MIT
//
// The names of what can be wrong with a port. Linked only where a name is asked for.
#include "surefoot/port_check.hpp"

namespace surefoot {

// No default in any of these: -Wswitch names the enumerator that was forgotten.

const char* to_string(PortProblem problem) noexcept {
  switch (problem) {
    case PortProblem::kernel_refused: return "kernel_refused";
    case PortProblem::code_map_refused: return "code_map_refused";
    case PortProblem::no_code: return "no_code";
    case PortProblem::region_not_in_map: return "region_not_in_map";
    case PortProblem::special_ranges_refused: return "special_ranges_refused";
    case PortProblem::calls_refused: return "calls_refused";
    case PortProblem::no_frame_table: return "no_frame_table";
    case PortProblem::no_vectors: return "no_vectors";
    case PortProblem::misaligned_vectors: return "misaligned_vectors";
    case PortProblem::vectors_not_text: return "vectors_not_text";
    case PortProblem::vector_not_special: return "vector_not_special";
    case PortProblem::lower_vector_not_special: return "lower_vector_not_special";
    case PortProblem::vector_has_rule: return "vector_has_rule";
    case PortProblem::vector_path_not_special: return "vector_path_not_special";
    case PortProblem::lower_vector_path_not_special: return "lower_vector_path_not_special";
    case PortProblem::no_exception_frame_rule: return "no_exception_frame_rule";
    case PortProblem::code_not_looked_at: return "code_not_looked_at";
    case PortProblem::frame_table_elsewhere: return "frame_table_elsewhere";
    case PortProblem::frame_table_of_other_code: return "frame_table_of_other_code";
    case PortProblem::special_ranges_of_other_code: return "special_ranges_of_other_code";
    case PortProblem::calls_of_other_code: return "calls_of_other_code";
    case PortProblem::patch_site_outside_text: return "patch_site_outside_text";
    case PortProblem::patch_site_of_other_code: return "patch_site_of_other_code";
    case PortProblem::pac_mask_missing: return "pac_mask_missing";
    case PortProblem::pac_not_looked_at: return "pac_not_looked_at";
    case PortProblem::pac_mask_cuts_text: return "pac_mask_cuts_text";
    case PortProblem::pac_mask_cuts_stack: return "pac_mask_cuts_stack";
    case PortProblem::tag_mask_cuts_stack: return "tag_mask_cuts_stack";
    case PortProblem::witness_without_code: return "witness_without_code";
    case PortProblem::witness_without_frame_table: return "witness_without_frame_table";
    case PortProblem::witness_without_shadow_call_stack: return "witness_without_shadow_call_stack";
    case PortProblem::no_task: return "no_task";
    case PortProblem::no_stack: return "no_stack";
    case PortProblem::empty_stack: return "empty_stack";
    case PortProblem::misaligned_stack: return "misaligned_stack";
    case PortProblem::too_many_stacks: return "too_many_stacks";
    case PortProblem::overlapping_stacks: return "overlapping_stacks";
    case PortProblem::stack_of_two_tasks: return "stack_of_two_tasks";
    case PortProblem::stack_in_text: return "stack_in_text";
    case PortProblem::code_map_on_stack: return "code_map_on_stack";
    case PortProblem::no_final_record: return "no_final_record";
    case PortProblem::misaligned_final_record: return "misaligned_final_record";
    case PortProblem::final_record_off_stack: return "final_record_off_stack";
    case PortProblem::not_a_final_record: return "not_a_final_record";
    case PortProblem::final_record_not_looked_at: return "final_record_not_looked_at";
    case PortProblem::too_many_return_stacks: return "too_many_return_stacks";
    case PortProblem::damaged_return_stack: return "damaged_return_stack";
    case PortProblem::no_return_stack: return "no_return_stack";
  }
  return "unknown";
}

const char* to_string(PortSeverity severity) noexcept {
  switch (severity) {
    case PortSeverity::note: return "note";
    case PortSeverity::unchecked: return "unchecked";
    case PortSeverity::error: return "error";
  }
  return "unknown";
}

const char* fault_name(const PortFinding& finding) noexcept {
  if (finding.problem == PortProblem::kernel_refused) return to_string(static_cast<KernelFault>(finding.fault));
  if (finding.problem == PortProblem::code_map_refused) return to_string(static_cast<CodeMapFault>(finding.fault));
  return "";
}

}  // namespace surefoot
