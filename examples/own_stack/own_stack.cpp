// SPDX-License-Identifier: MIT
//
// A piece of a kernel that walks its own stack. Nothing in it is bound to an environment: the kernel brings its stack,
// its text and its console. The part between the two marks is the example in README.md.
#include "own_stack.hpp"

// [readme]
#include <surefoot/print.hpp>
#include <surefoot/surefoot.hpp>

void print_own_stack(const Task& task) noexcept {
  const surefoot::Stack stacks[] = {{.range = {task.stack_start, task.stack_end}}};
  const surefoot::AddressRange text[] = {{kernel_text_start(), kernel_text_end()}};
  surefoot::Context context;
  context.stacks = stacks;
  context.text = text;
  context.final_record_at = task.final_record_at;
  // A table that fails its checks is left out, and every verdict is then unreliable: there is no error to handle.
  if (const auto ranges = surefoot::linked_special_ranges()) context.special_ranges = *ranges;

  surefoot::Frame frames[64];
  const surefoot::Trace trace = surefoot::walk(surefoot::Start::here(), context, frames);

  console_write(trace.verdict.is_reliable() ? "complete:\n" : "not to be trusted:\n");
  surefoot::print_trace(trace, {}, [](std::span<const char> piece) noexcept {
    for (const char character : piece) console_put(character);
  });
}
// [/readme]
