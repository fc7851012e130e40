// SPDX-License-Identifier: MIT
//
// Live patching; see livepatch.hpp and docs/livepatching.md. A program that calls these functions links
// surefoot::livepatch, and those at the end surefoot::ftrace.
#ifndef SUREFOOT_C_LIVEPATCH_H
#define SUREFOOT_C_LIVEPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "surefoot/c/address.h"
#include "surefoot/c/error.h"
#include "surefoot/c/start.h"
#include "surefoot/c/walk.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One function that a patch replaces; see replacement.hpp.
struct surefoot_livepatch_replacement {
  struct surefoot_range old_code;
  struct surefoot_range new_code;
  const struct surefoot_range* old_parts;
  size_t old_part_count;
  const struct surefoot_range* new_parts;
  size_t new_part_count;
};

/// What a kernel keeps in each task. Zeros in a new one.
struct surefoot_livepatch_task_state {
  uint64_t opaque;
};

/// A patch. Not to be copied.
struct surefoot_livepatch_patch {
  uint64_t opaque[12];
};

/// The patches of a kernel. Not to be copied.
struct surefoot_livepatch_patches {
  uint64_t opaque[5];
};

/// A look at all tasks.
struct surefoot_livepatch_round {
  uint64_t opaque[12];
};

enum surefoot_livepatch_refusal {
  surefoot_livepatch_no_replacements,
  surefoot_livepatch_empty_code,
  surefoot_livepatch_misaligned_code,
  surefoot_livepatch_replaced_twice,
  surefoot_livepatch_code_in_common,
  surefoot_livepatch_filter_too_small,
  surefoot_livepatch_already_applied,
  surefoot_livepatch_not_applied,
  surefoot_livepatch_not_on_top,
  surefoot_livepatch_no_room,
  surefoot_livepatch_in_transition,
  surefoot_livepatch_not_in_transition,
  surefoot_livepatch_round_is_outdated,
  surefoot_livepatch_tasks_are_left,
  surefoot_livepatch_not_traced
};
enum { surefoot_livepatch_refusal_count = surefoot_livepatch_not_traced + 1 };

enum surefoot_livepatch_outcome {
  surefoot_livepatch_up_to_date,
  surefoot_livepatch_switched,
  surefoot_livepatch_running,
  surefoot_livepatch_unreliable,
  surefoot_livepatch_in_function,
  surefoot_livepatch_entering,
  surefoot_livepatch_stale
};
enum { surefoot_livepatch_outcome_count = surefoot_livepatch_stale + 1 };

/// What came of one task; see report.hpp.
struct surefoot_livepatch_finding {
  uint8_t outcome;  ///< enum surefoot_livepatch_outcome
  uint8_t stop;     ///< enum surefoot_stop_reason
  uint32_t replacement;
  size_t frame;
  uint64_t pc;
  bool is_return_address;
  uint32_t evidence;  ///< of enum surefoot_evidence
};

/// The state of the task that runs now, or NULL; see Patch::CurrentState.
typedef const struct surefoot_livepatch_task_state* (*surefoot_livepatch_current)(void);

/// `storage` has a place for each patch that may be applied at a time.
void surefoot_livepatch_make_patches(struct surefoot_livepatch_patch** storage, size_t capacity,
                                     struct surefoot_livepatch_patches* out);
/// `filter` has a word for each replacement.
void surefoot_livepatch_make_patch(const struct surefoot_livepatch_replacement* replacements, size_t count,
                                   uint64_t* filter, size_t filter_count, surefoot_livepatch_current current,
                                   struct surefoot_livepatch_patch* out);

/// The functions of Patches. False, and the reason if `error` is not NULL: its code is an enum
/// surefoot_livepatch_refusal.
bool surefoot_livepatch_prepare(struct surefoot_livepatch_patches* patches, struct surefoot_livepatch_patch* patch,
                                struct surefoot_error* error);
bool surefoot_livepatch_begin(struct surefoot_livepatch_patches* patches, struct surefoot_livepatch_patch* patch,
                              struct surefoot_error* error);
bool surefoot_livepatch_begin_removal(struct surefoot_livepatch_patches* patches,
                                      struct surefoot_livepatch_patch* patch, struct surefoot_error* error);
bool surefoot_livepatch_reverse(struct surefoot_livepatch_patches* patches, struct surefoot_error* error);
bool surefoot_livepatch_finish(struct surefoot_livepatch_patches* patches, const struct surefoot_livepatch_round* round,
                               struct surefoot_error* error);

/// `in_replacement` may be NULL.
struct surefoot_livepatch_round surefoot_livepatch_begin_round(const struct surefoot_livepatch_patches* patches,
                                                               uint32_t* in_replacement, size_t count);
void surefoot_livepatch_add(struct surefoot_livepatch_round* round, const struct surefoot_livepatch_finding* finding,
                            uint64_t task);
uint32_t surefoot_livepatch_count(const struct surefoot_livepatch_round* round, uint8_t outcome);
uint32_t surefoot_livepatch_holding(const struct surefoot_livepatch_round* round);
/// Requires that a task holds the transition up.
uint64_t surefoot_livepatch_first_holder(const struct surefoot_livepatch_round* round);
struct surefoot_livepatch_finding surefoot_livepatch_first_finding(const struct surefoot_livepatch_round* round);

bool surefoot_livepatch_needs_trace(const struct surefoot_livepatch_patches* patches,
                                    struct surefoot_livepatch_task_state* state);
/// `activity` may be NULL: then it is not checked that the task was held.
struct surefoot_livepatch_finding surefoot_livepatch_switch_task(const struct surefoot_livepatch_patches* patches,
                                                                 struct surefoot_livepatch_task_state* state,
                                                                 const struct surefoot_trace* trace,
                                                                 const struct surefoot_task_activity* activity);
void surefoot_livepatch_cross_boundary(const struct surefoot_livepatch_patches* patches,
                                       struct surefoot_livepatch_task_state* state);
bool surefoot_livepatch_is_pending(const struct surefoot_livepatch_patches* patches,
                                   const struct surefoot_livepatch_task_state* state);
uint32_t surefoot_livepatch_level(const struct surefoot_livepatch_task_state* state);
uint32_t surefoot_livepatch_target_level(const struct surefoot_livepatch_patches* patches);
bool surefoot_livepatch_is_applied(const struct surefoot_livepatch_patches* patches,
                                   const struct surefoot_livepatch_patch* patch);

/// Names, as in logs; never NULL.
const char* surefoot_livepatch_refusal_name(uint32_t refusal);
const char* surefoot_livepatch_outcome_name(uint32_t outcome);

#if defined(__aarch64__)
/// See runtime.hpp of livepatch. `tracing`, if it is not NULL, is the ftrace::PatchError behind
/// surefoot_livepatch_not_traced.
bool surefoot_livepatch_enable(struct surefoot_livepatch_patches* patches, struct surefoot_livepatch_patch* patch,
                               struct surefoot_error* error, uint32_t* tracing);
bool surefoot_livepatch_release(struct surefoot_livepatch_patches* patches, struct surefoot_livepatch_patch* patch,
                                struct surefoot_error* error, uint32_t* tracing);
#endif

#ifdef __cplusplus
}
#endif

#endif  // SUREFOOT_C_LIVEPATCH_H
