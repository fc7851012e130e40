// SPDX-License-Identifier: MIT
//
// All that this kernel says to Surefoot, and all that it asks.
#include "kernel.h"

static struct surefoot_kernel kernel;
static struct surefoot_symbols symbols;

// Once, at boot. What is refused is left out, and every verdict is then unreliable. A walk reads the image, the
// intervals and the code map, so that these are static.
void describe_kernel(void) {
  extern char __text_start[], __text_end[];
  static struct surefoot_region image;
  static struct surefoot_interval intervals[64];
  static struct surefoot_code_map code;
  struct surefoot_error error;
  image = surefoot_linked_region(__text_start, __text_end);
  surefoot_make_code_map(&image, 1, intervals, 64, &code, &error);
  surefoot_make_kernel(&(struct surefoot_kernel_description){.code = &code}, &kernel, &error);
  surefoot_linked_symbols(&symbols, &error);
}

static void write(void* object, const char* text, size_t size) {
  (void)object;
  print_text(text, size);
}

// Prints what a walk finds, and what each policy makes of it.
void show_walk(const char* title, struct surefoot_start start, const struct surefoot_stack* stack) {
  static struct surefoot_frame frames[32];
  const struct surefoot_print_options options = {.symbols = symbols};
  const struct surefoot_sink sink = {.write = write};
  const uint64_t stack_top = stack->range.start + stack->range.size;
  struct surefoot_task task = {.final_record_at = stack_top - SUREFOOT_FINAL_RECORD_BELOW_TOP};
  struct surefoot_error error;
  surefoot_make_stack_set(stack, 1, &task.stacks, &error);

  for (uint8_t policy = 0; policy < surefoot_policy_count; ++policy) {
    const struct surefoot_trace trace = surefoot_walk_by_policy(&start, &kernel, &task, frames, 32, policy);
    print(title);
    surefoot_print_verdict(&trace.verdict, trace.frame_count, &options, &sink);
    print("\n");
    surefoot_print_trace(&trace, &options, &sink);
  }
}
