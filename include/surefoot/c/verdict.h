// SPDX-License-Identifier: MIT
//
// What a walk noticed, why it ended, and whether it can be trusted; see evidence.hpp and verdict.hpp, and for the
// meaning of each name docs/verdict.md.
#ifndef SUREFOOT_C_VERDICT_H
#define SUREFOOT_C_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A set of evidence is the sum of its bits.
enum surefoot_evidence {
  surefoot_evidence_return_address_hooked = 1 << 0,
  surefoot_evidence_return_entry_in_flight = 1 << 1,
  surefoot_evidence_changed_stack = 1 << 2,
  surefoot_evidence_crossed_exception = 1 << 3,
  surefoot_evidence_unknown_interrupted_code = 1 << 4,
  surefoot_evidence_in_special_range = 1 << 5,
  surefoot_evidence_not_text = 1 << 6,
  surefoot_evidence_return_address_unresolved = 1 << 7,
  surefoot_evidence_return_entry_skipped = 1 << 8,
  surefoot_evidence_return_entry_out_of_order = 1 << 9,
  surefoot_evidence_return_entry_left_over = 1 << 10,
  surefoot_evidence_return_stack_damaged = 1 << 11,
  surefoot_evidence_saved_pc_differs = 1 << 12,
  surefoot_evidence_special_ranges_refused = 1 << 13,
  surefoot_evidence_special_code_without_rule = 1 << 14,
  surefoot_evidence_return_entry_invalid = 1 << 15,
  surefoot_evidence_interrupted_el0 = 1 << 16,
  surefoot_evidence_call_site_disagrees = 1 << 17,
  surefoot_evidence_frame_table_disagrees = 1 << 18,
  surefoot_evidence_shadow_call_stack_disagrees = 1 << 19
};
/// How many bits there are; they are the lowest ones.
enum { surefoot_evidence_bit_count = 20 };

enum surefoot_stop_reason {
  surefoot_stop_final_record,
  surefoot_stop_no_stack,
  surefoot_stop_truncated,
  surefoot_stop_misaligned_record,
  surefoot_stop_off_stack,
  surefoot_stop_not_above_previous,
  surefoot_stop_stack_reentered,
  surefoot_stop_half_zero_record,
  surefoot_stop_unknown_metadata,
  surefoot_stop_metadata_off_stack,
  surefoot_stop_final_record_misplaced,
  surefoot_stop_exception_frame_off_stack,
  surefoot_stop_unreadable,
  surefoot_stop_task_running,
  surefoot_stop_task_moved,
  surefoot_stop_bad_task
};
enum { surefoot_stop_reason_count = surefoot_stop_bad_task + 1 };

/// A number that is neither is taken for strict.
enum surefoot_policy { surefoot_policy_strict, surefoot_policy_exact };
enum { surefoot_policy_count = surefoot_policy_exact + 1 };

/// What a walk has come to; see verdict.hpp.
struct surefoot_verdict {
  uint8_t policy;  ///< enum surefoot_policy
  bool is_reliable;
  uint8_t stop;       ///< enum surefoot_stop_reason
  uint32_t evidence;  ///< of enum surefoot_evidence
  size_t first_doubtful;
  uint64_t stop_at;
};

/// The policy, which walks apply by themselves: true if reliable.
bool surefoot_classify(uint8_t policy, uint32_t evidence, uint8_t stop);
/// True if a frame with this evidence is where a trace begins to be doubtful.
bool surefoot_is_doubtful(uint8_t policy, uint32_t evidence);
/// True if the reason is an end of the chain, and not a failure to reach it.
bool surefoot_is_complete(uint8_t stop);

/// Names, as in logs; never NULL.
const char* surefoot_evidence_name(uint32_t bit);
const char* surefoot_stop_name(uint32_t stop);
const char* surefoot_policy_name(uint32_t policy);
const char* surefoot_reliability_name(bool is_reliable);

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_VERDICT_H
