// SPDX-License-Identifier: MIT
//
// All that this kernel says to Surefoot, and all that it asks.
#include "kernel.h"

static struct surefoot_kernel kernel;
static struct surefoot_symbols symbols;

static struct surefoot_task describe_task(const struct surefoot_stack* stack) {
  const uint64_t stack_top = stack->range.start + stack->range.size;
  struct surefoot_task task = {.final_record_at = stack_top - SUREFOOT_FINAL_RECORD_BELOW_TOP};
  struct surefoot_error error;
  surefoot_make_stack_set(stack, 1, &task.stacks, &error);
  return task;
}

// Once, at boot. What is refused is left out, and every verdict is then unreliable. A walk reads the image, the
// intervals and the code map, so that these are static.
void describe_kernel(const struct surefoot_stack* stack) {
  extern char __text_start[], __text_end[];
  static struct surefoot_region image;
  static struct surefoot_interval intervals[64];
  static struct surefoot_code_map code;
  struct surefoot_error error;
  image = surefoot_linked_region(__text_start, __text_end);
  surefoot_make_code_map(&image, 1, intervals, 64, &code, &error);
  const struct surefoot_kernel_description description = {.code = &code};
  surefoot_make_kernel(&description, &kernel, &error);
  surefoot_linked_symbols(&symbols, &error);

  // Names what does not fit, before a verdict is believed.
  const struct surefoot_task task = describe_task(stack);
  struct surefoot_port_facts facts = {.tasks = &task, .task_count = 1, .regions = &image, .region_count = 1};
  struct surefoot_port_finding findings[8];
  __asm__("mrs %0, vbar_el1\n\tmrs %1, sctlr_el1" : "=r"(facts.vectors), "=r"(facts.system_control));
  const struct surefoot_port_result result = surefoot_check_port(&description, &facts, findings, 8);
  surefoot_print_findings(findings, 8, &result, &console);
}

// Prints what a walk finds, and what each policy makes of it.
void show_walk(const char* title, struct surefoot_start start, const struct surefoot_stack* stack) {
  static struct surefoot_frame frames[32];
  const struct surefoot_print_options options = {.symbols = symbols};
  const struct surefoot_task task = describe_task(stack);
  for (uint8_t policy = 0; policy < surefoot_policy_count; ++policy) {
    const struct surefoot_trace trace = surefoot_walk_by_policy(&start, &kernel, &task, frames, 32, policy);
    print(title);
    surefoot_print_verdict(&trace.verdict, trace.frame_count, &options, &console);
    print("\n");
    surefoot_print_trace(&trace, &options, &console);
  }
}
