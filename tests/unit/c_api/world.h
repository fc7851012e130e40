// SPDX-License-Identifier: MIT
//
// What the tests of the C interface share: a kernel with one region, and a task whose stack is an array with three
// records. Each test is a function that fails by returning the text of the condition that did not hold; c_api_test.cpp
// runs them.
#ifndef SUREFOOT_TESTS_UNIT_C_API_WORLD_H
#define SUREFOOT_TESTS_UNIT_C_API_WORLD_H

#include <string.h>

#include "surefoot/surefoot.h"

#define TEXT(condition) #condition
#define EXPECT(condition) \
  if (!(condition)) return TEXT(condition)

enum { text_start = 0x400000, text_size = 0x1000, outer_pc = 0x400104, inner_pc = 0x400204, hook = 0x400800 };

// Words of the stack: two records, and above them the final one.
enum { inner_at = 4, outer_at = 12, final_at = 28, word_count = 32 };

struct world {
  _Alignas(16) uint64_t words[word_count];
  struct surefoot_stack stack;
  struct surefoot_region region;
  struct surefoot_interval intervals[32];
  struct surefoot_code_map code;
  struct surefoot_kernel kernel;
  struct surefoot_task task;
  struct surefoot_registers registers;  // of the function of the inner record
  struct surefoot_frame frames[8];
};

static inline uint64_t address(const struct world* world, int word) { return (uint64_t)(uintptr_t)&world->words[word]; }

// Makes the map and the kernel of the region, as it is now.
static inline bool make_kernel(struct world* world, uint8_t policy) {
  const struct surefoot_kernel_description description = {.code = &world->code, .policy = policy};
  return surefoot_make_code_map(&world->region, 1, world->intervals, 32, &world->code, NULL) &&
         surefoot_make_kernel(&description, &world->kernel, NULL);
}

static inline bool fill(struct world* world) {
  memset(world, 0, sizeof *world);
  memset(world->words, 0x5a, sizeof world->words);
  world->words[inner_at] = address(world, outer_at);
  world->words[inner_at + 1] = outer_pc;
  world->words[outer_at] = address(world, final_at);
  world->words[outer_at + 1] = inner_pc;
  world->words[final_at] = 0;
  world->words[final_at + 1] = 0;
  world->words[final_at + 2] = SUREFOOT_METADATA_FINAL;
  world->stack.range.start = address(world, 0);
  world->stack.range.size = sizeof world->words;
  world->stack.kind = surefoot_stack_task;
  world->region.text.start = text_start;
  world->region.text.size = text_size;
  world->region.special_ranges = surefoot_no_special_ranges();
  world->region.calls_without_record = surefoot_no_special_ranges();
  world->task.final_record_at = address(world, final_at);
  world->registers.fp = address(world, inner_at);
  world->registers.sp = address(world, 0);
  world->registers.pc = inner_pc;
  return surefoot_make_stack_set(&world->stack, 1, &world->task.stacks, NULL) &&
         make_kernel(world, surefoot_policy_strict);
}

// What an exception interrupted: a function that has no record yet, whose caller is in lr.
static inline struct surefoot_exception_frame interrupted(const struct world* world) {
  return (struct surefoot_exception_frame){.fp = address(world, outer_at),
                                           .lr = outer_pc,
                                           .sp = address(world, inner_at),
                                           .pc = inner_pc,
                                           .pstate = 5,  // EL1h
                                           .record = {0, 0, SUREFOOT_METADATA_EXCEPTION}};
}

static inline struct surefoot_trace walk_call(struct world* world) {
  const struct surefoot_start start = surefoot_start_call(&world->registers);
  return surefoot_walk(&start, &world->kernel, &world->task, world->frames, 8);
}

static inline struct surefoot_trace walk_exception(struct world* world) {
  const struct surefoot_exception_frame frame = interrupted(world);
  const struct surefoot_start start = surefoot_start_exception(&frame);
  return surefoot_walk(&start, &world->kernel, &world->task, world->frames, 8);
}

#endif  // SUREFOOT_TESTS_UNIT_C_API_WORLD_H
