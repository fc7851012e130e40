// SPDX-License-Identifier: MIT
//
// Uses the C interface from C11, on stacks that are arrays in this file. Each function fails by returning the text of
// the condition that did not hold; c_api_test.cpp runs them.
#include <string.h>

#include "surefoot/surefoot.h"

#define TEXT(condition) #condition
#define EXPECT(condition) \
  if (!(condition)) return TEXT(condition)

enum { text_start = 0x400000, text_size = 0x1000, outer_pc = 0x400104, inner_pc = 0x400204 };

/* A final record at the top, and two records below it. */
struct stack {
  _Alignas(16) uint64_t words[32];
};
enum { inner_at = 4, outer_at = 12, final_at = 28 };

static uint64_t address(const struct stack* stack, int word) { return (uint64_t)(uintptr_t)&stack->words[word]; }

static void fill(struct stack* stack) {
  memset(stack, 0x5a, sizeof *stack);
  stack->words[inner_at] = address(stack, outer_at);
  stack->words[inner_at + 1] = outer_pc;
  stack->words[outer_at] = address(stack, final_at);
  stack->words[outer_at + 1] = inner_pc;
  stack->words[final_at] = 0;
  stack->words[final_at + 1] = 0;
  stack->words[final_at + 2] = 1;
}

static const struct surefoot_range text = {text_start, text_size};

static struct surefoot_context context_for(const struct stack* stack, struct surefoot_stack* described) {
  described->range.start = address(stack, 0);
  described->range.size = sizeof *stack;
  described->kind = surefoot_stack_task;
  return (struct surefoot_context){.stacks = described,
                                   .stack_count = 1,
                                   .text = &text,
                                   .text_count = 1,
                                   .special_ranges = surefoot_no_special_ranges(),
                                   .final_record_at = address(stack, final_at),
                                   .policy = surefoot_policy_strict};
}

static struct surefoot_registers registers_at(const struct stack* stack) {
  return (struct surefoot_registers){.fp = address(stack, inner_at), .sp = address(stack, 0), .pc = inner_pc};
}

const char* c_api_walks_to_the_final_record(void) {
  struct stack stack;
  struct surefoot_stack described;
  struct surefoot_frame frames[8];
  fill(&stack);
  const struct surefoot_context context = context_for(&stack, &described);
  const struct surefoot_registers registers = registers_at(&stack);
  const struct surefoot_trace trace = surefoot_walk_call(&context, &registers, frames, 8);
  EXPECT(trace.verdict.is_reliable);
  EXPECT(trace.verdict.stop == surefoot_stop_final_record);
  EXPECT(trace.verdict.stop_at == context.final_record_at);
  EXPECT(trace.verdict.evidence == 0);
  EXPECT(trace.frame_count == 3 && trace.verdict.first_doubtful == 3);
  EXPECT(frames[0].pc == inner_pc && frames[1].pc == outer_pc && frames[2].pc == inner_pc);
  EXPECT(frames[0].source == surefoot_source_start && frames[1].source == surefoot_source_frame_record);
  EXPECT(frames[1].kind == surefoot_pc_return_address && frames[1].special == 0);
  return NULL;
}

const char* c_api_says_why_a_walk_stopped(void) {
  struct stack stack;
  struct surefoot_stack described;
  struct surefoot_frame frames[8];
  fill(&stack);
  stack.words[outer_at] = 0x1000;
  const struct surefoot_context context = context_for(&stack, &described);
  const struct surefoot_registers registers = registers_at(&stack);
  const struct surefoot_trace trace = surefoot_walk_call(&context, &registers, frames, 8);
  EXPECT(!trace.verdict.is_reliable);
  EXPECT(trace.verdict.stop == surefoot_stop_off_stack && trace.verdict.stop_at == 0x1000);
  EXPECT(trace.frame_count == 3);
  EXPECT(strcmp(surefoot_stop_name(trace.verdict.stop), "off_stack") == 0);
  return NULL;
}

const char* c_api_fills_no_more_than_the_buffer(void) {
  struct stack stack;
  struct surefoot_stack described;
  struct surefoot_frame frames[2] = {{0}, {.pc = 0x1234}};
  fill(&stack);
  const struct surefoot_context context = context_for(&stack, &described);
  const struct surefoot_registers registers = registers_at(&stack);
  const struct surefoot_trace trace = surefoot_walk_call(&context, &registers, frames, 1);
  EXPECT(trace.frame_count == 1 && trace.verdict.stop == surefoot_stop_truncated);
  EXPECT(frames[1].pc == 0x1234);
  return NULL;
}

const char* c_api_refuses_a_running_task(void) {
  struct stack stack;
  struct surefoot_stack described;
  struct surefoot_frame frames[8];
  struct surefoot_task_activity activity = {0};
  fill(&stack);
  const struct surefoot_context context = context_for(&stack, &described);
  const struct surefoot_registers saved = registers_at(&stack);
  EXPECT(surefoot_walk_blocked_task(&context, &saved, &activity, frames, 8).verdict.is_reliable);
  surefoot_enter_cpu(&activity);
  const struct surefoot_trace running = surefoot_walk_blocked_task(&context, &saved, &activity, frames, 8);
  EXPECT(running.verdict.stop == surefoot_stop_task_running && running.frame_count == 0);
  surefoot_leave_cpu(&activity);
  EXPECT(surefoot_walk_blocked_task(&context, &saved, &activity, frames, 8).verdict.is_reliable);
  return NULL;
}

const char* c_api_starts_at_an_exception(void) {
  struct stack stack;
  struct surefoot_stack described;
  struct surefoot_frame frames[8];
  fill(&stack);
  const struct surefoot_context context = context_for(&stack, &described);
  const struct surefoot_exception_frame frame = {.fp = address(&stack, inner_at),
                                                 .sp = address(&stack, 0),
                                                 .pc = inner_pc,
                                                 .pstate = 5 /* EL1h */,
                                                 .record = {0, 0, SUREFOOT_METADATA_EXCEPTION}};
  const struct surefoot_trace trace = surefoot_walk_exception(&context, &frame, frames, 8);
  EXPECT(!trace.verdict.is_reliable && trace.verdict.stop == surefoot_stop_final_record);
  EXPECT((trace.verdict.evidence & surefoot_evidence_crossed_exception) != 0);
  EXPECT(trace.frame_count == 3 && frames[0].kind == surefoot_pc_exact);
  return NULL;
}

const char* c_api_checks_the_table(void) {
  struct stack stack;
  struct surefoot_stack described;
  struct surefoot_frame frames[8];
  fill(&stack);
  struct surefoot_context context = context_for(&stack, &described);
  const struct surefoot_registers registers = registers_at(&stack);

  /* Offsets count from their own fields: this one ends where it starts. */
  const struct surefoot_range_entry empty_range = {.end_offset = -4, .kind = 1};
  EXPECT(!surefoot_make_special_ranges(&empty_range, 1, &context.special_ranges));
  const struct surefoot_trace refused = surefoot_walk_call(&context, &registers, frames, 8);
  EXPECT(!refused.verdict.is_reliable);
  EXPECT(refused.verdict.evidence == surefoot_evidence_special_ranges_refused);

  memset(&context.special_ranges, 0, sizeof context.special_ranges);
  EXPECT(!surefoot_walk_call(&context, &registers, frames, 8).verdict.is_reliable);
  EXPECT(!surefoot_make_special_ranges(NULL, 0, &context.special_ranges)); /* C13 */
  EXPECT(!surefoot_walk_call(&context, &registers, frames, 8).verdict.is_reliable);
  context.special_ranges = surefoot_no_special_ranges();
  EXPECT(surefoot_walk_call(&context, &registers, frames, 8).verdict.is_reliable);
  return NULL;
}

/* Whoever writes {start, end} for {start, size}, or an end that cannot be said, gets told which range it is. */
const char* c_api_refuses_ranges_that_wrap(void) {
  static const struct surefoot_range wrapping[] = {
      {0xffff800000000000, 0xffff800000001000}, /* an end in place of a size */
      {0xfffffffffffff000, 0x1000},             /* it ends at 2^64 */
      {1, UINT64_MAX},
      {UINT64_MAX, UINT64_MAX},
  };
  struct stack stack;
  struct surefoot_frame frames[8];
  struct surefoot_task_activity activity = {0};
  fill(&stack);
  const struct surefoot_registers registers = registers_at(&stack);
  const struct surefoot_exception_frame frame = {
      .fp = address(&stack, inner_at), .pc = inner_pc, .record = {0, 0, SUREFOOT_METADATA_EXCEPTION}};
  for (size_t i = 0; i < sizeof wrapping / sizeof wrapping[0]; ++i) {
    struct surefoot_stack stacks[2] = {{.range = {0, 0}}, {.range = wrapping[i]}};
    struct surefoot_context context = context_for(&stack, &stacks[0]);
    context.stacks = stacks;
    context.stack_count = 2;
    struct surefoot_trace trace = surefoot_walk_call(&context, &registers, frames, 8);
    EXPECT(!trace.verdict.is_reliable && trace.verdict.stop == surefoot_stop_bad_context);
    EXPECT(trace.verdict.stop_at == wrapping[i].start && trace.frame_count == 0);

    context = context_for(&stack, &stacks[0]);
    const struct surefoot_range texts[2] = {text, wrapping[i]};
    context.text = texts;
    context.text_count = 2;
    trace = surefoot_walk_call(&context, &registers, frames, 8);
    EXPECT(!trace.verdict.is_reliable && trace.verdict.stop == surefoot_stop_bad_context);
    EXPECT(trace.verdict.stop_at == wrapping[i].start && trace.frame_count == 0);
    EXPECT(surefoot_walk_exception(&context, &frame, frames, 8).verdict.stop == surefoot_stop_bad_context);
    trace = surefoot_walk_blocked_task(&context, &registers, &activity, frames, 8);
    EXPECT(trace.verdict.stop == surefoot_stop_bad_context);
  }
  /* The highest end that there is. */
  struct surefoot_stack described;
  struct surefoot_context context = context_for(&stack, &described);
  const struct surefoot_range texts[2] = {text, {0xfffffffffffff000, 0xfff}};
  context.text = texts;
  context.text_count = 2;
  EXPECT(surefoot_walk_call(&context, &registers, frames, 8).verdict.is_reliable);
  return NULL;
}

/* An SFrame section of one function, whose only row says: sp + 0, both in their registers. */
static void fill_section(uint8_t* section, uint64_t function, uint32_t size) {
  static const uint8_t header[28] = {0xe2, 0xde, 3, 1, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 16};
  static const uint8_t rows[8] = {1, 0, 0, 0, 0, 0, 3, 0};
  const uint64_t start = function - (uint64_t)(uintptr_t)section;
  const uint32_t size_and_data[2] = {size, 0};
  memcpy(section, header, 28);
  memcpy(section + 28, &start, 8);
  memcpy(section + 36, size_and_data, 8);
  memcpy(section + 44, rows, 8);
}

const char* c_api_walks_with_a_frame_table(void) {
  struct stack stack;
  struct surefoot_stack described;
  struct surefoot_frame frames[8];
  struct surefoot_frame_table table = {{0}};
  uint8_t section[52];
  fill(&stack);
  fill_section(section, text_start, text_size);
  struct surefoot_context context = context_for(&stack, &described);
  context.policy = surefoot_policy_exact;
  const struct surefoot_exception_frame frame = {.fp = address(&stack, outer_at),
                                                 .lr = outer_pc,
                                                 .sp = address(&stack, inner_at),
                                                 .pc = inner_pc,
                                                 .pstate = 5 /* EL1h */,
                                                 .record = {0, 0, SUREFOOT_METADATA_EXCEPTION}};
  /* Without a table, or with zeros for one, nothing is known of interrupted code. */
  EXPECT(!surefoot_walk_exception(&context, &frame, frames, 8).verdict.is_reliable);
  context.frame_table = &table;
  EXPECT(!surefoot_walk_exception(&context, &frame, frames, 8).verdict.is_reliable);

  EXPECT(surefoot_make_frame_table(section, sizeof section, &table, NULL));
  const struct surefoot_trace trace = surefoot_walk_exception(&context, &frame, frames, 8);
  EXPECT(trace.verdict.is_reliable && trace.frame_count == 3);
  EXPECT(frames[1].pc == outer_pc && frames[1].source == surefoot_source_link_register);
  return NULL;
}

const char* c_api_says_why_a_frame_table_is_refused(void) {
  struct surefoot_frame_table table;
  const struct surefoot_frame_table zeros = {{0}};
  enum surefoot_frame_table_error error = surefoot_frame_table_unsorted;
  uint8_t section[52];
  fill_section(section, text_start, text_size);
  memset(&table, 0x5a, sizeof table);
  EXPECT(!surefoot_make_frame_table(section, sizeof section - 1, &table, &error));
  EXPECT(error == surefoot_frame_table_truncated && memcmp(&table, &zeros, sizeof table) == 0);
  section[2] = 2;
  EXPECT(!surefoot_make_frame_table(section, sizeof section, &table, &error));
  EXPECT(strcmp(surefoot_frame_table_error_name(error), "version_2") == 0);
  EXPECT(!surefoot_make_frame_table(section, sizeof section, &table, NULL));
  return NULL;
}

const char* c_api_names_what_it_reports(void) {
  EXPECT(strcmp(surefoot_evidence_name(surefoot_evidence_not_text), "not_text") == 0);
  EXPECT(strcmp(surefoot_source_name(surefoot_source_frame_record), "frame_record") == 0);
  EXPECT(strcmp(surefoot_special_name(2), "ftrace_call") == 0);
  return NULL;
}
