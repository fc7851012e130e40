// SPDX-License-Identifier: MIT
//
// Walks from every start, into a buffer and by a cursor.
#include "world.h"

const char* c_api_walks_to_the_final_record(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(trace.verdict.is_reliable);
  EXPECT(trace.verdict.policy == surefoot_policy_strict);
  EXPECT(trace.verdict.stop == surefoot_stop_final_record);
  EXPECT(trace.verdict.stop_at == world.task.final_record_at);
  EXPECT(trace.verdict.evidence == 0);
  EXPECT(trace.frames == world.frames);
  EXPECT(trace.frame_count == 3 && trace.verdict.first_doubtful == 3);
  EXPECT(trace.frames[0].pc == inner_pc && trace.frames[1].pc == outer_pc && trace.frames[2].pc == inner_pc);
  EXPECT(trace.frames[0].source == surefoot_source_start && trace.frames[1].source == surefoot_source_frame_record);
  EXPECT(trace.frames[1].kind == surefoot_pc_return_address && trace.frames[1].special == 0);
  return NULL;
}

const char* c_api_says_why_a_walk_stopped(void) {
  struct world world;
  EXPECT(fill(&world));
  world.words[outer_at] = 0x1000;
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(!trace.verdict.is_reliable);
  EXPECT(trace.verdict.stop == surefoot_stop_off_stack && trace.verdict.stop_at == 0x1000);
  EXPECT(trace.frame_count == 3);
  return NULL;
}

const char* c_api_fills_no_more_than_the_buffer(void) {
  struct world world;
  EXPECT(fill(&world));
  world.frames[1].pc = 0x1234;
  const struct surefoot_start start = surefoot_start_call(&world.registers);
  const struct surefoot_trace trace = surefoot_walk(&start, &world.kernel, &world.task, world.frames, 1);
  EXPECT(trace.frame_count == 1 && trace.verdict.stop == surefoot_stop_truncated);
  EXPECT(world.frames[1].pc == 0x1234);
  return NULL;
}

const char* c_api_refuses_a_running_task(void) {
  struct world world;
  struct surefoot_task_activity activity = {0};
  EXPECT(fill(&world));
  const struct surefoot_start start = surefoot_start_blocked_task(&world.registers, &activity);
  EXPECT(surefoot_walk(&start, &world.kernel, &world.task, world.frames, 8).verdict.is_reliable);
  surefoot_enter_cpu(&activity);
  const struct surefoot_trace running = surefoot_walk(&start, &world.kernel, &world.task, world.frames, 8);
  EXPECT(running.verdict.stop == surefoot_stop_task_running && running.frame_count == 0);
  surefoot_leave_cpu(&activity);
  EXPECT(surefoot_walk(&start, &world.kernel, &world.task, world.frames, 8).verdict.is_reliable);
  return NULL;
}

const char* c_api_starts_at_an_exception(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_trace trace = walk_exception(&world);
  EXPECT(!trace.verdict.is_reliable && trace.verdict.stop == surefoot_stop_final_record);
  EXPECT((trace.verdict.evidence & surefoot_evidence_crossed_exception) != 0);
  EXPECT(trace.frame_count == 2 && trace.frames[0].kind == surefoot_pc_exact);
  return NULL;
}

const char* c_api_starts_at_an_exception_at_an_address(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_exception_frame frame = interrupted(&world);
  const struct surefoot_start start = surefoot_start_exception_at((uint64_t)(uintptr_t)&frame);
  const struct surefoot_trace trace = surefoot_walk(&start, &world.kernel, &world.task, world.frames, 8);
  EXPECT((trace.verdict.evidence & surefoot_evidence_crossed_exception) != 0);
  EXPECT(trace.frame_count == 2 && trace.frames[0].pc == inner_pc);
  return NULL;
}

const char* c_api_starts_without_a_stack(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_start start = surefoot_start_no_stack();
  const struct surefoot_trace trace = surefoot_walk(&start, &world.kernel, &world.task, world.frames, 8);
  EXPECT(trace.verdict.is_reliable && trace.verdict.stop == surefoot_stop_no_stack && trace.frame_count == 0);
  return NULL;
}

const char* c_api_walks_by_another_policy(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_start start = surefoot_start_call(&world.registers);
  struct surefoot_trace trace =
      surefoot_walk_by_policy(&start, &world.kernel, &world.task, world.frames, 8, surefoot_policy_exact);
  EXPECT(trace.verdict.policy == surefoot_policy_exact);
  // A number that is no policy is taken for the strict one.
  trace = surefoot_walk_by_policy(&start, &world.kernel, &world.task, world.frames, 8, 7);
  EXPECT(trace.verdict.policy == surefoot_policy_strict);
  EXPECT(make_kernel(&world, surefoot_policy_exact));
  EXPECT(walk_call(&world).verdict.policy == surefoot_policy_exact);
  return NULL;
}

const char* c_api_goes_on_to_a_stack_of_the_cpu(void) {
  struct world world;
  _Alignas(16) uint64_t irq_stack[8] = {0};
  EXPECT(fill(&world));
  irq_stack[2] = address(&world, inner_at);
  irq_stack[3] = inner_pc;
  const struct surefoot_stack stack = {{(uint64_t)(uintptr_t)irq_stack, sizeof irq_stack}, surefoot_stack_irq};
  EXPECT(surefoot_make_stack_set(&stack, 1, &world.task.cpu_stacks, NULL));
  world.registers.sp = stack.range.start;
  world.registers.fp = (uint64_t)(uintptr_t)&irq_stack[2];
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(trace.verdict.stop == surefoot_stop_final_record && trace.frame_count == 4);
  EXPECT((trace.verdict.evidence & surefoot_evidence_changed_stack) != 0);
  return NULL;
}

const char* c_api_stops_where_a_stack_of_the_cpu_overlaps_the_tasks_own(void) {
  struct world world;
  EXPECT(fill(&world));
  const struct surefoot_stack own = {{address(&world, 0), 16 * sizeof(uint64_t)}, surefoot_stack_task};
  const struct surefoot_stack irq = {{address(&world, 8), (word_count - 8) * sizeof(uint64_t)}, surefoot_stack_irq};
  EXPECT(surefoot_make_stack_set(&own, 1, &world.task.stacks, NULL));
  EXPECT(surefoot_make_stack_set(&irq, 1, &world.task.cpu_stacks, NULL));
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(trace.verdict.stop == surefoot_stop_bad_task && trace.verdict.stop_at == irq.range.start);
  EXPECT(!trace.verdict.is_reliable);
  return NULL;
}

// Memory of another machine: the stack as it is there, from `start` on.
struct dump {
  uint64_t start;
  const uint64_t* words;
  bool was_read_outside;
};

static bool read_dump(void* object, uint64_t at, uint64_t* word) {
  struct dump* dump = object;
  const uint64_t index = (at - dump->start) / sizeof *word;
  if (at < dump->start || index >= word_count) {
    dump->was_read_outside = true;
    return false;
  }
  *word = dump->words[index];
  return true;
}

const char* c_api_walks_foreign_memory(void) {
  struct world world;
  EXPECT(fill(&world));
  struct dump dump = {.start = 0x10000, .words = world.words};
  const struct surefoot_memory memory = {read_dump, &dump};
  const uint64_t moved = dump.start - address(&world, 0);
  world.words[inner_at] += moved;
  world.words[outer_at] += moved;
  world.stack.range.start += moved;
  world.registers.fp += moved;
  world.registers.sp += moved;
  world.task.final_record_at += moved;
  world.task.memory = &memory;
  EXPECT(surefoot_make_stack_set(&world.stack, 1, &world.task.stacks, NULL));
  const struct surefoot_trace trace = walk_call(&world);
  EXPECT(trace.verdict.is_reliable && trace.frame_count == 3 && trace.frames[1].pc == outer_pc);
  EXPECT(!dump.was_read_outside);
  // Memory that refuses an address ends the walk.
  dump.start += sizeof world.words;
  EXPECT(walk_call(&world).verdict.stop == surefoot_stop_unreadable);
  return NULL;
}

const char* c_api_walks_frame_by_frame(void) {
  struct world world;
  struct surefoot_cursor cursor;
  struct surefoot_frame frame;
  EXPECT(fill(&world));
  const struct surefoot_start start = surefoot_start_call(&world.registers);
  const struct surefoot_trace trace = walk_call(&world);
  surefoot_cursor_begin(&cursor, &start, &world.kernel, &world.task);
  EXPECT(!surefoot_cursor_verdict(&cursor).is_reliable);
  EXPECT(surefoot_cursor_verdict(&cursor).stop == surefoot_stop_truncated);
  for (size_t i = 0; i < trace.frame_count; ++i) {
    EXPECT(surefoot_cursor_next(&cursor, &frame));
    EXPECT(memcmp(&frame, &trace.frames[i], sizeof frame) == 0);
  }
  EXPECT(!surefoot_cursor_next(&cursor, &frame));
  EXPECT(surefoot_cursor_verdict(&cursor).is_reliable);
  EXPECT(surefoot_cursor_verdict(&cursor).stop == surefoot_stop_final_record);

  surefoot_cursor_begin_by_policy(&cursor, &start, &world.kernel, &world.task, surefoot_policy_exact);
  EXPECT(surefoot_cursor_take(&cursor, world.frames, 2) == 2);
  EXPECT(surefoot_cursor_verdict(&cursor).stop == surefoot_stop_truncated);
  EXPECT(surefoot_cursor_take(&cursor, world.frames, 2) == 1);
  EXPECT(surefoot_cursor_verdict(&cursor).policy == surefoot_policy_exact);
  return NULL;
}

const char* c_api_walks_with_the_call_site_witness(void) {
  struct world world;
  // The code is read where it lies: two calls, and room for a region around them.
  _Alignas(8) static const uint32_t code[4] = {0xd503201f, 0x94000000, 0xd503201f, 0xd503201f};
  EXPECT(fill(&world));
  const uint64_t after_call = (uint64_t)(uintptr_t)&code[2];
  world.region.text.start = (uint64_t)(uintptr_t)code;
  world.region.text.size = sizeof code;
  world.words[inner_at + 1] = world.words[outer_at + 1] = world.registers.pc = after_call;
  EXPECT(make_kernel(&world, surefoot_policy_strict));
  const struct surefoot_chosen_witnesses chosen = {.call_site = true};
  struct surefoot_kernel_description description = {.code = &world.code};
  surefoot_make_witnesses(&chosen, &description.witnesses);
  EXPECT(surefoot_make_kernel(&description, &world.kernel, NULL));
  EXPECT(walk_call(&world).verdict.is_reliable);
  world.words[outer_at + 1] = after_call + 4;
  EXPECT((walk_call(&world).verdict.evidence & surefoot_evidence_call_site_disagrees) != 0);
  return NULL;
}

#if defined(__aarch64__)
const char* c_api_walks_from_here(void);
const char* c_api_walks_from_here(void) {
  struct world world;
  EXPECT(fill(&world));
  // The stack that this runs on is none of the task's.
  const struct surefoot_trace trace = surefoot_walk_here(&world.kernel, &world.task, world.frames, 8);
  EXPECT(trace.frame_count == 1 && trace.frames[0].kind == surefoot_pc_return_address);
  EXPECT(trace.frames[0].pc - (uint64_t)(uintptr_t)c_api_walks_from_here < 0x1000);
  EXPECT(trace.verdict.stop == surefoot_stop_off_stack);
  return NULL;
}
#endif
