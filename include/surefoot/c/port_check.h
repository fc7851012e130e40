// SPDX-License-Identifier: MIT
//
// A check of a whole port at boot; see port_check.hpp, which says what each problem is.
#ifndef SUREFOOT_C_PORT_CHECK_H
#define SUREFOOT_C_PORT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/code_map.h"
#include "surefoot/c/kernel.h"
#include "surefoot/c/task.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What can be wrong with a port.
enum surefoot_port_problem {
  surefoot_port_kernel_refused,
  surefoot_port_code_map_refused,
  surefoot_port_no_code,
  surefoot_port_region_not_in_map,
  surefoot_port_special_ranges_refused,
  surefoot_port_calls_refused,
  surefoot_port_no_frame_table,
  surefoot_port_no_vectors,
  surefoot_port_misaligned_vectors,
  surefoot_port_vectors_not_text,
  surefoot_port_vector_not_special,
  surefoot_port_lower_vector_not_special,
  surefoot_port_vector_has_rule,
  surefoot_port_vector_path_not_special,
  surefoot_port_lower_vector_path_not_special,
  surefoot_port_no_exception_frame_rule,
  surefoot_port_code_not_looked_at,
  surefoot_port_frame_table_elsewhere,
  surefoot_port_frame_table_of_other_code,
  surefoot_port_special_ranges_of_other_code,
  surefoot_port_calls_of_other_code,
  surefoot_port_patch_site_outside_text,
  surefoot_port_patch_site_of_other_code,
  surefoot_port_pac_mask_missing,
  surefoot_port_pac_not_looked_at,
  surefoot_port_pac_mask_cuts_text,
  surefoot_port_pac_mask_cuts_stack,
  surefoot_port_tag_mask_cuts_stack,
  surefoot_port_witness_without_code,
  surefoot_port_witness_without_frame_table,
  surefoot_port_witness_without_shadow_call_stack,
  surefoot_port_no_task,
  surefoot_port_no_stack,
  surefoot_port_empty_stack,
  surefoot_port_misaligned_stack,
  surefoot_port_too_many_stacks,
  surefoot_port_overlapping_stacks,
  surefoot_port_stack_of_two_tasks,
  surefoot_port_stack_in_text,
  surefoot_port_code_map_on_stack,
  surefoot_port_no_final_record,
  surefoot_port_misaligned_final_record,
  surefoot_port_final_record_off_stack,
  surefoot_port_not_a_final_record,
  surefoot_port_final_record_not_looked_at,
  surefoot_port_too_many_return_stacks,
  surefoot_port_damaged_return_stack,
  surefoot_port_no_return_stack
};
enum { surefoot_port_problem_count = surefoot_port_no_return_stack + 1 };

/// What a problem is for verdicts.
enum surefoot_port_severity {
  surefoot_port_note,       ///< some verdicts are unreliable that need not be
  surefoot_port_unchecked,  ///< something was not looked at, and may be wrong
  surefoot_port_error       ///< a verdict may be wrong, or none can be reliable
};
enum { surefoot_port_severity_count = surefoot_port_error + 1 };

/// One thing that is wrong.
struct surefoot_port_finding {
  uint64_t address;  ///< where, if that is a place in memory; else 0
  uint32_t index;    ///< of what; the problem says
  uint8_t problem;   ///< enum surefoot_port_problem
  uint8_t fault;     ///< what surefoot_port_fault_name() names
};

/// How much was found.
struct surefoot_port_result {
  size_t found;      ///< all findings, those included for which the buffer had no room
  size_t errors;     ///< of these, the errors
  size_t unchecked;  ///< of these, what was not looked at
};

/// What the kernel is held against; see PortFacts.
struct surefoot_port_facts {
  uint64_t vectors;         ///< VBAR_ELx
  uint64_t system_control;  ///< SCTLR_ELx; 0 if it is not told
  const struct surefoot_task* tasks;
  size_t task_count;
  const struct surefoot_region* regions;  ///< NULL for those of the code map
  size_t region_count;
  bool is_code_execute_only;
};

/// Checks a port; see check_port(). Once at boot, by an ordinary context with the MMU on; not from an NMI. A code map
/// of zeros is a missing one. The port is good if neither `errors` nor `unchecked` of the result is above 0.
struct surefoot_port_result surefoot_check_port(const struct surefoot_kernel_description* description,
                                                const struct surefoot_port_facts* facts,
                                                struct surefoot_port_finding* findings, size_t capacity);

/// What the problem is for verdicts: an enumerator of surefoot_port_severity.
uint8_t surefoot_port_severity_of(uint8_t problem);

/// Names, as in logs; never NULL.
const char* surefoot_port_problem_name(uint32_t problem);
const char* surefoot_port_severity_name(uint32_t severity);
/// The name of what surefoot_make_kernel() or surefoot_make_code_map() refuses; empty for other problems.
const char* surefoot_port_fault_name(const struct surefoot_port_finding* finding);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_PORT_CHECK_H
