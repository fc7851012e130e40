// SPDX-License-Identifier: MIT
//
// All that this kernel says to Surefoot, and all that it asks.
#include <surefoot/print.hpp>

#include "kernel.hpp"

extern "C" char __text_start[], __text_end[];

namespace {

constinit surefoot::Kernel kernel;
constinit surefoot::Symbols symbols;

constexpr auto console = [](std::span<const char> text) noexcept { print(text); };

surefoot::Task describe_task(const surefoot::Stack& stack) noexcept {
  return {.stacks = surefoot::StackSet::make({&stack, 1}).value_or(surefoot::StackSet()),
          .final_record_at = stack.range.end() - SUREFOOT_FINAL_RECORD_BELOW_TOP};
}

}  // namespace

// Once, at boot. What is refused is left out, and every verdict is then unreliable. A walk reads the image, the
// intervals and the code map, so that these are static.
void describe_kernel(const surefoot::Stack& stack) noexcept {
  static constinit surefoot::Region image[1];
  static constinit surefoot::Interval intervals[64];
  static constinit surefoot::CodeMap code;
  image[0] = surefoot::Region::linked(
      {reinterpret_cast<std::uint64_t>(__text_start), reinterpret_cast<std::uint64_t>(__text_end)});
  code = surefoot::CodeMap::make(image, intervals).value_or(surefoot::CodeMap());
  const surefoot::KernelDescription description{.code = &code};
  kernel = surefoot::Kernel::make(description).value_or(surefoot::Kernel());
  symbols = surefoot::Symbols::linked().value_or(surefoot::Symbols());

  // Names what does not fit, before a verdict is believed.
  const surefoot::Task task = describe_task(stack);
  surefoot::PortFacts facts{.tasks = {&task, 1}, .regions = image};
  surefoot::PortFinding findings[8];
  asm("mrs %0, vbar_el1\n\tmrs %1, sctlr_el1" : "=r"(facts.vectors), "=r"(facts.system_control));
  surefoot::print_findings(findings, surefoot::check_port(description, facts, findings), console);
}

// Prints what a walk finds, and what each policy makes of it.
void show_walk(const char* title, const surefoot::Start& start, const surefoot::Stack& stack) noexcept {
  static constinit surefoot::Frame frames[32];
  for (const auto policy : {surefoot::Policy::strict, surefoot::Policy::exact}) {
    const surefoot::Trace trace = surefoot::walk(start, kernel, describe_task(stack), frames, policy);
    print(title);
    surefoot::print_verdict(trace.verdict, trace.frames.size(), policy, {}, console);
    print("\n");
    surefoot::print_trace(trace, {.symbols = symbols}, console);
  }
}
