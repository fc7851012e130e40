// SPDX-License-Identifier: MIT
//
// The check of a port: its parts in order, and what each problem is for verdicts.
#include "port.hpp"

namespace surefoot {

PortResult check_port(const KernelDescription& description, const PortFacts& facts,
                      std::span<PortFinding> findings) noexcept {
  std::span<const Region> regions = facts.regions;
  if (regions.empty() && description.code != nullptr) regions = description.code->regions();
  const detail::Port port{.description = description, .facts = facts, .regions = regions};
  detail::PortReport report(findings);
  detail::check_regions(port, report);
  detail::check_vectors(port, report);
  detail::check_code(port, report);
  detail::check_tasks(port, report);
  return report.result();
}

PortSeverity severity_of(PortProblem problem) noexcept {
  switch (problem) {  // No default: -Wswitch names the enumerator that was forgotten.
    case PortProblem::no_frame_table:
    case PortProblem::lower_vector_not_special:
    case PortProblem::lower_vector_path_not_special:
    case PortProblem::no_return_stack: return PortSeverity::note;
    case PortProblem::code_not_looked_at:
    case PortProblem::pac_not_looked_at:
    case PortProblem::no_task:
    case PortProblem::final_record_not_looked_at: return PortSeverity::unchecked;
    case PortProblem::kernel_refused:
    case PortProblem::code_map_refused:
    case PortProblem::no_code:
    case PortProblem::region_not_in_map:
    case PortProblem::special_ranges_refused:
    case PortProblem::calls_refused:
    case PortProblem::no_vectors:
    case PortProblem::misaligned_vectors:
    case PortProblem::vectors_not_text:
    case PortProblem::vector_not_special:
    case PortProblem::vector_has_rule:
    case PortProblem::vector_path_not_special:
    case PortProblem::no_exception_frame_rule:
    case PortProblem::frame_table_elsewhere:
    case PortProblem::frame_table_of_other_code:
    case PortProblem::special_ranges_of_other_code:
    case PortProblem::calls_of_other_code:
    case PortProblem::patch_site_outside_text:
    case PortProblem::patch_site_of_other_code:
    case PortProblem::pac_mask_missing:
    case PortProblem::pac_mask_cuts_text:
    case PortProblem::pac_mask_cuts_stack:
    case PortProblem::tag_mask_cuts_stack:
    case PortProblem::witness_without_code:
    case PortProblem::witness_without_frame_table:
    case PortProblem::witness_without_shadow_call_stack:
    case PortProblem::no_stack:
    case PortProblem::empty_stack:
    case PortProblem::misaligned_stack:
    case PortProblem::too_many_stacks:
    case PortProblem::overlapping_stacks:
    case PortProblem::stack_of_two_tasks:
    case PortProblem::stack_in_text:
    case PortProblem::code_map_on_stack:
    case PortProblem::no_final_record:
    case PortProblem::misaligned_final_record:
    case PortProblem::final_record_off_stack:
    case PortProblem::not_a_final_record:
    case PortProblem::too_many_return_stacks:
    case PortProblem::damaged_return_stack: break;
  }
  return PortSeverity::error;
}

}  // namespace surefoot
