// SPDX-License-Identifier: MIT
//
// A piece of a kernel that walks its own stack. Nothing in it is bound to an environment: the kernel brings its stack,
// its text and its console. The part between the two marks is the example in README.md.
#include "own_stack.hpp"

// [readme]
#include <surefoot/print.hpp>
#include <surefoot/surefoot.hpp>

// Once, at boot. What is refused is left out, and every verdict is then unreliable.
surefoot::Kernel describe_kernel() noexcept {
  static constinit surefoot::Region image[1];
  static constinit surefoot::Interval intervals[256];
  static constinit surefoot::CodeMap code;
  image[0] = surefoot::Region::linked({kernel_text_start(), kernel_text_end()});
  code = surefoot::CodeMap::make(image, intervals).value_or(surefoot::CodeMap());
  return surefoot::Kernel::make({.code = &code}).value_or(surefoot::Kernel());
}

void print_own_stack(const surefoot::Kernel& kernel, const Task& task) noexcept {
  const auto stacks = surefoot::StackSet::make({&task.stack, 1}).value_or(surefoot::StackSet());
  surefoot::Frame frames[64];
  const surefoot::Trace trace = surefoot::walk(surefoot::Start::here(), kernel,
                                               {.stacks = stacks, .final_record_at = task.final_record_at}, frames);
  console_write(trace.verdict.is_reliable() ? "complete:\n" : "not to be trusted:\n");
  surefoot::print_trace(trace, {}, [](std::span<const char> piece) noexcept {
    for (const char character : piece) console_put(character);
  });
}
// [/readme]
