// SPDX-License-Identifier: MIT
//
// The C++ of the documents that stands in no other source. It is compiled, and not linked: check_snippets.py holds the
// documents to these lines.
#include <span>

#include "surefoot/ftrace/grace_period.hpp"
#include "surefoot/ftrace/runtime.hpp"
#include "surefoot/surefoot.hpp"

void give_way() noexcept;                                   // of the reader's kernel
bool report(const surefoot::CodeMapError& error) noexcept;  // says it, and is false

namespace changing_code {

using surefoot::ftrace::ExecutionState;
using surefoot::ftrace::GracePeriod;
using surefoot::ftrace::Tracer;
using surefoot::ftrace::unregister_tracer;

bool take_away(Tracer& tracer, std::span<ExecutionState*> every_context) noexcept {
  const auto done = unregister_tracer(tracer);
  const GracePeriod period = GracePeriod::begin();
  for (ExecutionState* state : every_context) {
    while (!period.is_over_in(*state)) give_way();
  }
  // The tracer, its filter, and the module that its callback is in may go.
  return done.has_value();
}

}  // namespace changing_code

namespace porting {

bool publish(surefoot::Kernel& kernel, std::span<const surefoot::Region> regions, std::span<surefoot::Interval> storage,
             surefoot::CodeMap& map) noexcept {
  if (storage.size() < surefoot::CodeMap::intervals_needed(regions)) return false;
  const auto code = surefoot::CodeMap::make(regions, storage);
  if (!code) return report(code.error());  // which region, and why
  map = *code;
  kernel.publish(map);
  return true;
}

surefoot::Region describe_generated(surefoot::AddressRange text,
                                    std::span<const surefoot::SpecialRange> ranges) noexcept {
  return {.text = text,
          .special_ranges = ranges.empty() ? surefoot::SpecialRanges::none()
                                           : surefoot::SpecialRanges::make(ranges).value_or(surefoot::SpecialRanges())};
}

// The handler of an interrupt that one CPU sends to the others.
surefoot::Trace walk_interrupted(const surefoot::ExceptionFrame& frame, const surefoot::Kernel& kernel,
                                 const surefoot::Task& current, const surefoot::StackSet& stacks_of_this_cpu,
                                 std::span<surefoot::Frame> frames_of_this_cpu) noexcept {
  surefoot::Task task = current;
  task.cpu_stacks = stacks_of_this_cpu;
  return surefoot::walk(surefoot::Start::exception(frame), kernel, task, frames_of_this_cpu);
}

}  // namespace porting
