// SPDX-License-Identifier: MIT
//
// The description of the kernel: what is refused, what is in force, and what values of zeros do.
#include "world.h"

const char* c_api_refuses_a_kernel_without_a_code_map(void) {
  struct surefoot_kernel kernel;
  struct surefoot_error error = {99, 99};
  const struct surefoot_code_map zeros = {{0}};
  struct surefoot_kernel_description description = {.code = NULL};
  memset(&kernel, 0x5a, sizeof kernel);
  EXPECT(!surefoot_make_kernel(&description, &kernel, &error));
  EXPECT(error.code == surefoot_kernel_missing_code_map && error.index == 0);
  EXPECT(memcmp(&kernel, &(struct surefoot_kernel){{0}}, sizeof kernel) == 0);
  description.code = &zeros;
  EXPECT(!surefoot_make_kernel(&description, &kernel, NULL));
  return NULL;
}

const char* c_api_walks_by_the_kernels_own_exception_layout(void) {
  struct world world;
  struct surefoot_error error;
  EXPECT(fill(&world));
  struct surefoot_exception_layout layout = {.size = 48,
                                             .pc = 0,
                                             .pstate = 8,
                                             .sp = surefoot_absent,
                                             .fp = 16,
                                             .lr = surefoot_absent,
                                             .x9 = surefoot_absent,
                                             .record = 24,
                                             .typing = surefoot_record_typed,
                                             .final_type = SUREFOOT_METADATA_FINAL,
                                             .exception_type = 77};
  const struct surefoot_kernel_description description = {.code = &world.code, .exception = &layout};
  EXPECT(surefoot_make_kernel(&description, &world.kernel, NULL));
  const uint64_t frame[6] = {inner_pc, 5, address(&world, inner_at), 0, 0, 77};
  const struct surefoot_start start = surefoot_start_exception_at((uint64_t)(uintptr_t)frame);
  const struct surefoot_trace trace = surefoot_walk(&start, &world.kernel, &world.task, world.frames, 8);
  EXPECT(trace.verdict.stop == surefoot_stop_final_record && trace.frame_count == 3);
  EXPECT(trace.frames[0].pc == inner_pc && trace.frames[0].kind == surefoot_pc_exact);

  layout.fp = 12;
  EXPECT(!surefoot_make_kernel(&description, &world.kernel, &error));
  EXPECT(error.code == surefoot_kernel_misaligned_register && error.index == 3);
  return NULL;
}

const char* c_api_walks_through_signed_and_tagged_addresses(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_kernel_description description = {
      .code = &world.code, .pac_mask = surefoot_pac_mask_for(48), .tag_mask = surefoot_tag_mask_for_top_byte()};
  EXPECT(description.pac_mask == 0xff7f000000000000 && description.tag_mask == 0xff00000000000000);
  EXPECT(surefoot_make_kernel(&description, &world.kernel, NULL));
  world.words[inner_at + 1] |= (uint64_t)0x1234 << 48 & description.pac_mask;
  world.words[inner_at] |= (uint64_t)0x42 << 56;
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(trace.verdict.is_reliable && trace.frame_count == 3 && trace.frames[1].pc == outer_pc);
  return NULL;
}

const char* c_api_puts_another_code_map_in_force(void) {
  struct world world;
  struct surefoot_interval intervals[32];
  struct surefoot_code_map map;
  EXPECT(fill(&world));
  struct surefoot_region other = world.region;
  other.text.size = 4;
  EXPECT(surefoot_make_code_map(&other, 1, intervals, 32, &map, NULL));
  EXPECT(surefoot_publish(&world.kernel, &map));
  EXPECT((walk_call(&world).verdict.evidence & surefoot_evidence_not_text) != 0);
  EXPECT(surefoot_publish(&world.kernel, &world.code));
  EXPECT(walk_call(&world).verdict.is_reliable);
  // A map that was refused does not come into force, nor does any map in a kernel that was not made.
  EXPECT(!surefoot_make_code_map(&other, 1, intervals, 1, &map, NULL));
  EXPECT(!surefoot_publish(&world.kernel, &map));
  EXPECT(walk_call(&world).verdict.is_reliable);
  struct surefoot_kernel zeros = {{0}};
  EXPECT(!surefoot_publish(&zeros, &world.code));
  EXPECT(memcmp(&zeros, &(struct surefoot_kernel){{0}}, sizeof zeros) == 0);
  return NULL;
}

static const char* walks_as_without_code(struct world* world) {
  const struct surefoot_trace trace = walk_call(world);
  EXPECT(!trace.verdict.is_reliable && trace.verdict.first_doubtful == 0);
  EXPECT(trace.verdict.evidence == surefoot_evidence_not_text);
  EXPECT(trace.verdict.stop == surefoot_stop_final_record && trace.frame_count == 3);
  EXPECT(trace.frames[1].pc == outer_pc);

  const struct surefoot_trace interrupted_trace = walk_exception(world);
  EXPECT(!interrupted_trace.verdict.is_reliable && interrupted_trace.frame_count == 2);
  EXPECT((interrupted_trace.verdict.evidence & surefoot_evidence_crossed_exception) != 0);

  struct surefoot_cursor cursor;
  const struct surefoot_start start = surefoot_start_call(&world->registers);
  surefoot_cursor_begin(&cursor, &start, &world->kernel, &world->task);
  EXPECT(surefoot_cursor_take(&cursor, world->frames, 8) == 3);
  EXPECT(!surefoot_cursor_verdict(&cursor).is_reliable);
  EXPECT(surefoot_cursor_verdict(&cursor).evidence == surefoot_evidence_not_text);
  return NULL;
}

const char* c_api_walks_with_a_kernel_of_zeros(void) {
  struct world world;
  EXPECT(fill(&world));
  memset(&world.kernel, 0, sizeof world.kernel);
  return walks_as_without_code(&world);
}

const char* c_api_walks_with_a_code_map_of_zeros(void) {
  struct world world;
  EXPECT(fill(&world));
  memset(&world.code, 0, sizeof world.code);
  return walks_as_without_code(&world);
}

const char* c_api_takes_other_zeros_for_nothing(void) {
  struct world world;
  EXPECT(fill(&world));
  // A region without tables of special code.
  memset(&world.region.special_ranges, 0, sizeof world.region.special_ranges);
  EXPECT(make_kernel(&world, surefoot_policy_exact));
  EXPECT(walk_call(&world).verdict.evidence == surefoot_evidence_special_ranges_refused);
  EXPECT(!walk_call(&world).verdict.is_reliable);
  // A start.
  const struct surefoot_start start = {{0}};
  EXPECT(!surefoot_walk(&start, &world.kernel, &world.task, world.frames, 8).verdict.is_reliable);
  // A cursor.
  struct surefoot_cursor cursor = {{0}};
  EXPECT(surefoot_cursor_take(&cursor, world.frames, 8) == 0);
  EXPECT(!surefoot_cursor_verdict(&cursor).is_reliable);
  // A return stack.
  struct surefoot_return_stack stack = {{0}};
  const struct surefoot_return_stack* const stacks[1] = {&stack};
  const struct surefoot_return_entry entry = {.return_address = outer_pc};
  EXPECT(fill(&world));
  world.task.return_stacks = stacks;
  world.task.return_stack_count = 1;
  EXPECT(walk_call(&world).verdict.is_reliable);
  EXPECT(!surefoot_return_stack_push(&stack, &entry) && surefoot_return_stack_dropped(&stack) == 1);
  EXPECT(surefoot_return_stack_top(&stack) == NULL);
  // A task.
  memset(&world.task, 0, sizeof world.task);
  EXPECT(walk_call(&world).verdict.stop == surefoot_stop_off_stack);
  return NULL;
}
