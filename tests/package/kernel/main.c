// SPDX-License-Identifier: MIT
//
// The little kernel in C11: describes itself, walks its own stack from two calls deep, and prints the trace.
#include <surefoot/surefoot.h>

#include "kernel.h"

static struct surefoot_region image;
static struct surefoot_interval intervals[64];
static struct surefoot_code_map code;
static struct surefoot_kernel kernel;

static bool describe_kernel(void) {
  struct surefoot_error error;
  image.text = (struct surefoot_range){(uintptr_t)text_start, (uintptr_t)text_end - (uintptr_t)text_start};
  if (!surefoot_linked_special_ranges(&image.special_ranges, &error)) return false;
  if (!surefoot_linked_calls(&image.calls_without_record, &error)) return false;
  if (!surefoot_make_code_map(&image, 1, intervals, sizeof intervals / sizeof intervals[0], &code, &error))
    return false;
  return surefoot_make_kernel(&(struct surefoot_kernel_description){.code = &code}, &kernel, &error);
}

static __attribute__((noinline)) int inner(uint64_t final_record_at) {
  const struct surefoot_stack stack = {.range = {(uintptr_t)stack_start, (uintptr_t)stack_end - (uintptr_t)stack_start},
                                       .kind = surefoot_stack_task};
  struct surefoot_error error;
  struct surefoot_task task = {.final_record_at = final_record_at};
  struct surefoot_print_options options = {.use_colour = false};
  if (!surefoot_make_stack_set(&stack, 1, &task.stacks, &error)) return 2;
  if (!surefoot_linked_symbols(&options.symbols, &error)) return 3;

  struct surefoot_frame frames[16];
  const struct surefoot_trace trace = surefoot_walk_here(&kernel, &task, frames, 16);
  surefoot_print_trace(&trace, &options, &(struct surefoot_sink){.write = console_write});
  return trace.verdict.is_reliable && trace.frame_count == expected_frames ? 0 : 1;
}

static __attribute__((noinline)) int middle(uint64_t final_record_at) {
  const int result = inner(final_record_at);
  NOT_A_TAIL_CALL();
  return result;
}

int kernel_main(uint64_t final_record_at) {
  if (!describe_kernel()) return 4;
  const int result = middle(final_record_at);
  NOT_A_TAIL_CALL();
  return result;
}
