// SPDX-License-Identifier: MIT
//
// The names of what can be wrong with a port, from C. Linked only where a name is asked for.
#include "same_values.hpp"
#include "surefoot/c/port_check.h"
#include "surefoot/port_check.hpp"
#include "view.hpp"

using namespace surefoot;
using detail::name_of;
using detail::view_as;

namespace {

[[maybe_unused]] constexpr void prove(PortProblem value) noexcept {
  constexpr unsigned count = surefoot_port_problem_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, kernel_refused);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, code_map_refused);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, no_code);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, region_not_in_map);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, special_ranges_refused);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, calls_refused);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, no_frame_table);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, no_vectors);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, misaligned_vectors);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, vectors_not_text);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, vector_not_special);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, lower_vector_not_special);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, vector_has_rule);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, vector_path_not_special);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, lower_vector_path_not_special);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, no_exception_frame_rule);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, code_not_looked_at);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, frame_table_elsewhere);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, frame_table_of_other_code);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, special_ranges_of_other_code);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, calls_of_other_code);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, patch_site_outside_text);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, patch_site_of_other_code);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, pac_mask_missing);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, pac_not_looked_at);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, pac_mask_cuts_text);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, pac_mask_cuts_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, tag_mask_cuts_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, witness_without_code);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, witness_without_frame_table);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, witness_without_shadow_call_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, no_task);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, no_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, empty_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, misaligned_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, too_many_stacks);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, overlapping_stacks);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, stack_of_two_tasks);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, stack_in_text);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, code_map_on_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, no_final_record);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, misaligned_final_record);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, final_record_off_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, not_a_final_record);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, final_record_not_looked_at);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, too_many_return_stacks);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, damaged_return_stack);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortProblem, no_return_stack);
  }
}
static_assert(surefoot_port_problem_count == port_problem_count);

[[maybe_unused]] constexpr void prove(PortSeverity value) noexcept {
  constexpr unsigned count = surefoot_port_severity_count;
  switch (value) {
    SUREFOOT_SAME_VALUE(surefoot_port_, PortSeverity, note);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortSeverity, unchecked);
    SUREFOOT_SAME_VALUE(surefoot_port_, PortSeverity, error);
  }
}

}  // namespace

const char* surefoot_port_problem_name(std::uint32_t problem) {
  return name_of<PortProblem>(problem, surefoot_port_problem_count);
}
const char* surefoot_port_severity_name(std::uint32_t severity) {
  return name_of<PortSeverity>(severity, surefoot_port_severity_count);
}
const char* surefoot_port_fault_name(const surefoot_port_finding* finding) {
  return fault_name(*view_as<const PortFinding>(finding));
}
