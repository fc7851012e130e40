// SPDX-License-Identifier: MIT
//
// Names and counts of the enumerations, and the policy.
#include "world.h"

// Each enumerator has a name, and no other number has.
static bool names_exactly(const char* (*name)(uint32_t), uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    if (strcmp(name(i), "unknown") == 0) return false;
  }
  return strcmp(name(count), "unknown") == 0 && strcmp(name(0x100), "unknown") == 0 &&
         strcmp(name(UINT32_MAX), "unknown") == 0;
}

const char* c_api_names_every_enumerator(void) {
  EXPECT(names_exactly(surefoot_stop_name, surefoot_stop_reason_count));
  EXPECT(names_exactly(surefoot_policy_name, surefoot_policy_count));
  EXPECT(names_exactly(surefoot_source_name, surefoot_source_count));
  EXPECT(names_exactly(surefoot_pc_kind_name, surefoot_pc_kind_count));
  EXPECT(names_exactly(surefoot_stack_kind_name, surefoot_stack_kind_count));
  EXPECT(names_exactly(surefoot_record_typing_name, surefoot_record_typing_count));
  EXPECT(names_exactly(surefoot_special_name, surefoot_special_kind_count));
  EXPECT(names_exactly(surefoot_special_ranges_fault_name, surefoot_special_ranges_fault_count));
  EXPECT(names_exactly(surefoot_frame_table_fault_name, surefoot_frame_table_fault_count));
  EXPECT(names_exactly(surefoot_patch_sites_fault_name, surefoot_patch_sites_fault_count));
  EXPECT(names_exactly(surefoot_code_map_fault_name, surefoot_code_map_fault_count));
  EXPECT(names_exactly(surefoot_kernel_fault_name, surefoot_kernel_fault_count));
  EXPECT(names_exactly(surefoot_stack_set_fault_name, surefoot_stack_set_fault_count));
  EXPECT(names_exactly(surefoot_symbols_fault_name, surefoot_symbols_fault_count));
  EXPECT(names_exactly(surefoot_port_problem_name, surefoot_port_problem_count));
  EXPECT(names_exactly(surefoot_port_severity_name, surefoot_port_severity_count));
  for (uint32_t i = 0; i < surefoot_evidence_bit_count; ++i) {
    EXPECT(strcmp(surefoot_evidence_name(UINT32_C(1) << i), "unknown") != 0);
  }
  EXPECT(strcmp(surefoot_evidence_name(UINT32_C(1) << surefoot_evidence_bit_count), "unknown") == 0);
  return NULL;
}

const char* c_api_names_things_as_in_logs(void) {
  EXPECT(strcmp(surefoot_evidence_name(surefoot_evidence_not_text), "not_text") == 0);
  EXPECT(strcmp(surefoot_stop_name(surefoot_stop_off_stack), "off_stack") == 0);
  EXPECT(strcmp(surefoot_policy_name(surefoot_policy_exact), "exact") == 0);
  EXPECT(strcmp(surefoot_reliability_name(true), "reliable") == 0);
  EXPECT(strcmp(surefoot_reliability_name(false), "unreliable") == 0);
  EXPECT(strcmp(surefoot_source_name(surefoot_source_frame_record), "frame_record") == 0);
  EXPECT(strcmp(surefoot_pc_kind_name(surefoot_pc_return_address), "return_address") == 0);
  EXPECT(strcmp(surefoot_stack_kind_name(surefoot_stack_overflow), "overflow") == 0);
  EXPECT(strcmp(surefoot_record_typing_name(surefoot_record_untyped), "untyped") == 0);
  EXPECT(strcmp(surefoot_special_name(SUREFOOT_SPECIAL_FTRACE_CALL), "ftrace_call") == 0);
  EXPECT(strcmp(surefoot_stack_set_fault_name(surefoot_stack_set_empty_stack), "empty_stack") == 0);
  EXPECT(strcmp(surefoot_port_problem_name(surefoot_port_no_vectors), "no_vectors") == 0);
  EXPECT(strcmp(surefoot_port_severity_name(surefoot_port_severity_of(surefoot_port_no_vectors)), "error") == 0);
  EXPECT(strcmp(surefoot_symbols_fault_name(surefoot_symbols_unsorted), "unsorted") == 0);
  return NULL;
}

const char* c_api_classifies(void) {
  EXPECT(surefoot_classify(surefoot_policy_strict, 0, surefoot_stop_final_record));
  EXPECT(!surefoot_classify(surefoot_policy_strict, 0, surefoot_stop_off_stack));
  EXPECT(!surefoot_classify(surefoot_policy_strict, surefoot_evidence_crossed_exception, surefoot_stop_final_record));
  EXPECT(surefoot_classify(surefoot_policy_exact, surefoot_evidence_crossed_exception, surefoot_stop_final_record));
  EXPECT(surefoot_is_doubtful(surefoot_policy_strict, surefoot_evidence_crossed_exception));
  EXPECT(!surefoot_is_doubtful(surefoot_policy_exact, surefoot_evidence_crossed_exception));
  EXPECT(surefoot_is_complete(surefoot_stop_no_stack) && !surefoot_is_complete(surefoot_stop_truncated));
  return NULL;
}
