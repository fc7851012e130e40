// SPDX-License-Identifier: MIT
//
// All that this kernel says to Surefoot, and all that it asks.
#include <surefoot/print.hpp>

#include "kernel.hpp"

extern "C" char __text_start[], __text_end[];

namespace {

constinit surefoot::Kernel kernel;
constinit surefoot::Symbols symbols;

std::uint64_t address_of(const char* symbol) noexcept { return reinterpret_cast<std::uint64_t>(symbol); }

}  // namespace

// Once, at boot. What is refused is left out, and every verdict is then unreliable. A walk reads the image, the
// intervals and the code map, so that these are static.
void describe_kernel() noexcept {
  static constinit surefoot::Region image[1];
  static constinit surefoot::Interval intervals[64];
  static constinit surefoot::CodeMap code;
  image[0] = surefoot::Region::linked({address_of(__text_start), address_of(__text_end)});
  code = surefoot::CodeMap::make(image, intervals).value_or(surefoot::CodeMap());
  kernel = surefoot::Kernel::make({.code = &code}).value_or(surefoot::Kernel());
  symbols = surefoot::Symbols::linked().value_or(surefoot::Symbols());
}

// Prints what a walk finds, and what each policy makes of it.
void show_walk(const char* title, const surefoot::Start& start, const surefoot::Stack& stack) noexcept {
  const surefoot::Task task{.stacks = surefoot::StackSet::make({&stack, 1}).value_or(surefoot::StackSet()),
                            .final_record_at = stack.range.end() - SUREFOOT_FINAL_RECORD_BELOW_TOP};
  const auto sink = [](std::span<const char> text) noexcept { print(text); };
  const surefoot::PrintOptions options{.symbols = symbols};
  static constinit surefoot::Frame frames[32];

  for (const auto policy : {surefoot::Policy::strict, surefoot::Policy::exact}) {
    const surefoot::Trace trace = surefoot::walk(start, kernel, task, frames, policy);
    print(title);
    surefoot::print_verdict(trace.verdict, trace.frames.size(), policy, options, sink);
    print("\n");
    surefoot::print_trace(trace, options, sink);
  }
}
