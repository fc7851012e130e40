// SPDX-License-Identifier: MIT
//
// Return stacks that C makes, pushes to and pops from, and walks that restore what they hold.
#include "world.h"

static const struct surefoot_special_range hook_range = {
    {hook, 16}, SUREFOOT_SPECIAL_RETURN_HOOK, {.pc = SUREFOOT_FROM_NOWHERE}};

const char* c_api_restores_a_rewritten_return_address(void) {
  struct world world;
  struct surefoot_return_entry storage[2] = {{0}};
  struct surefoot_return_stack first, second;
  const struct surefoot_return_stack* const stacks[2] = {&first, &second};
  EXPECT(fill(&world));
  EXPECT(surefoot_make_absolute_special_ranges(&hook_range, 1, &world.region.special_ranges, NULL));
  EXPECT(make_kernel(&world, surefoot_policy_strict));
  surefoot_make_return_stack(&storage[0], 1, &first);
  surefoot_make_return_stack(&storage[1], 1, &second);
  world.task.return_stacks = stacks;
  world.task.return_stack_count = 2;
  world.words[inner_at + 1] = hook;
  EXPECT((walk_call(&world).verdict.evidence & surefoot_evidence_return_address_unresolved) != 0);

  const struct surefoot_return_entry entry = {
      .return_address = outer_pc, .function = inner_pc - 0x10, .key = address(&world, outer_at), .hook = hook};
  EXPECT(surefoot_return_stack_push(&second, &entry));
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(trace.verdict.is_reliable && trace.frame_count == 3);
  EXPECT(trace.frames[1].pc == outer_pc && trace.frames[1].source == surefoot_source_return_stack);
  EXPECT(trace.frames[1].evidence == surefoot_evidence_return_address_hooked);
  return NULL;
}

const char* c_api_pushes_and_pops_return_addresses(void) {
  struct surefoot_return_entry storage[2] = {{0}};
  struct surefoot_return_stack stack;
  surefoot_make_return_stack(storage, 2, &stack);
  EXPECT(surefoot_return_stack_depth(&stack) == 0 && surefoot_return_stack_top(&stack) == NULL);
  struct surefoot_return_entry entry = {.return_address = 1, .function = 2, .key = 3, .hook = 4};
  EXPECT(surefoot_return_stack_push(&stack, &entry));
  entry.return_address = 5;
  EXPECT(surefoot_return_stack_push(&stack, &entry));
  EXPECT(surefoot_return_stack_depth(&stack) == 2);
  EXPECT(surefoot_return_stack_top(&stack) == &storage[1]);
  EXPECT(memcmp(&storage[1], &entry, sizeof entry) == 0);
  EXPECT(surefoot_return_stack_dropped(&stack) == 0);
  EXPECT(!surefoot_return_stack_push(&stack, &entry));
  EXPECT(surefoot_return_stack_dropped(&stack) == 1);
  surefoot_return_stack_pop(&stack);
  EXPECT(surefoot_return_stack_depth(&stack) == 1 && surefoot_return_stack_top(&stack)->return_address == 1);
  return NULL;
}

const char* c_api_drops_abandoned_return_addresses(void) {
  struct surefoot_return_entry storage[4] = {{0}};
  struct surefoot_return_stack stack;
  surefoot_make_return_stack(storage, 4, &stack);
  for (uint64_t key = 0x1030; key > 0x1000; key -= 0x10) {
    const struct surefoot_return_entry entry = {.return_address = 1, .key = key};
    EXPECT(surefoot_return_stack_push(&stack, &entry));
  }
  // Hazard C14: a range that wraps round holds nothing.
  EXPECT(surefoot_return_stack_drop(&stack, (struct surefoot_range){0x1000, UINT64_MAX}) == 0);
  EXPECT(surefoot_return_stack_drop(&stack, (struct surefoot_range){0x1000, 0x21}) == 2);
  EXPECT(surefoot_return_stack_depth(&stack) == 1);
  return NULL;
}
