// SPDX-License-Identifier: MIT
//
// A transition that C makes: there, and back again.
#include "surefoot/c/livepatch.h"

#include "world.h"

enum { old_at = 0x10000, new_at = 0x20000, size = 0x100 };

static struct surefoot_livepatch_task_state tasks[2];

static const struct surefoot_livepatch_task_state* current(void) { return &tasks[0]; }

static struct surefoot_livepatch_finding look(const struct surefoot_livepatch_patches* patches, unsigned task,
                                              uint64_t pc, bool is_reliable) {
  const struct surefoot_frame frame = {.pc = pc, .kind = surefoot_pc_return_address};
  const struct surefoot_trace trace = {
      &frame, 1, {.is_reliable = is_reliable, .stop = surefoot_stop_final_record, .first_doubtful = is_reliable}};
  return surefoot_livepatch_switch_task(patches, &tasks[task], &trace, NULL);
}

const char* c_api_patches_and_takes_back(void) {
  struct surefoot_livepatch_replacement replacement = {.old_code = {old_at, size}, .new_code = {new_at, UINT64_MAX}};
  struct surefoot_livepatch_patch* storage[1];
  struct surefoot_livepatch_patches patches;
  struct surefoot_livepatch_patch patch;
  uint64_t filter[1];
  struct surefoot_error error;
  memset(tasks, 0, sizeof tasks);
  surefoot_livepatch_make_patches(storage, 1, &patches);
  surefoot_livepatch_make_patch(&replacement, 1, filter, 1, current, &patch);
  EXPECT(!surefoot_livepatch_reverse(&patches, &error) && error.code == surefoot_livepatch_not_in_transition);
  // Hazard C14: a range that wraps round.
  EXPECT(!surefoot_livepatch_prepare(&patches, &patch, &error) && error.code == surefoot_livepatch_empty_code);
  replacement.new_code.size = size;
  EXPECT(surefoot_livepatch_prepare(&patches, &patch, NULL) && filter[0] == old_at);
  EXPECT(surefoot_livepatch_begin(&patches, &patch, NULL));
  EXPECT(surefoot_livepatch_is_applied(&patches, &patch) && surefoot_livepatch_target_level(&patches) == 1);
  EXPECT(surefoot_livepatch_is_pending(&patches, &tasks[0]) && surefoot_livepatch_needs_trace(&patches, &tasks[0]));

  uint32_t in_replacement[1] = {0};
  struct surefoot_livepatch_round round = surefoot_livepatch_begin_round(&patches, in_replacement, 1);
  struct surefoot_livepatch_finding found = look(&patches, 0, old_at + size, true);
  EXPECT(found.outcome == surefoot_livepatch_in_function && found.pc == old_at + size && found.is_return_address);
  surefoot_livepatch_add(&round, &found, 7);
  found = look(&patches, 1, 0x30000, false);
  EXPECT(found.outcome == surefoot_livepatch_unreliable);
  surefoot_livepatch_add(&round, &found, 8);
  EXPECT(surefoot_livepatch_holding(&round) == 2 && in_replacement[0] == 1);
  EXPECT(surefoot_livepatch_count(&round, surefoot_livepatch_unreliable) == 1);
  EXPECT(surefoot_livepatch_count(&round, UINT8_MAX) == 0);
  EXPECT(surefoot_livepatch_first_holder(&round) == 7);
  EXPECT(surefoot_livepatch_first_finding(&round).pc == old_at + size);
  EXPECT(!surefoot_livepatch_finish(&patches, &round, &error) && error.code == surefoot_livepatch_tasks_are_left);

  round = surefoot_livepatch_begin_round(&patches, NULL, 0);
  surefoot_livepatch_cross_boundary(&patches, &tasks[1]);
  for (unsigned task = 0; task != 2; ++task) {
    found = look(&patches, task, 0x30000, true);
    surefoot_livepatch_add(&round, &found, task);
  }
  EXPECT(surefoot_livepatch_count(&round, surefoot_livepatch_switched) == 1);
  EXPECT(surefoot_livepatch_count(&round, surefoot_livepatch_up_to_date) == 1);
  EXPECT(surefoot_livepatch_finish(&patches, &round, NULL) && surefoot_livepatch_level(&tasks[0]) == 1);

  EXPECT(surefoot_livepatch_begin_removal(&patches, &patch, NULL));
  EXPECT(look(&patches, 0, new_at + 0x40, true).outcome == surefoot_livepatch_in_function);
  EXPECT(surefoot_livepatch_reverse(&patches, NULL) && surefoot_livepatch_target_level(&patches) == 1);
  return NULL;
}

const char* c_api_names_what_live_patching_says(void) {
  EXPECT(strcmp(surefoot_livepatch_refusal_name(surefoot_livepatch_no_room), "no_room") == 0);
  EXPECT(strcmp(surefoot_livepatch_refusal_name(surefoot_livepatch_refusal_count), "unknown") == 0);
  EXPECT(strcmp(surefoot_livepatch_outcome_name(surefoot_livepatch_entering), "entering") == 0);
  EXPECT(strcmp(surefoot_livepatch_outcome_name(surefoot_livepatch_outcome_count), "unknown") == 0);
  return NULL;
}
