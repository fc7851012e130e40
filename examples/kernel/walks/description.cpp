// SPDX-License-Identifier: MIT
#include "walks/description.hpp"

#include <array>

#include "arch/cpu.hpp"
#include "arch/cpu_features.hpp"
#include "arch/exception_frame.hpp"
#include "arch/panic.hpp"
#include "console/console.hpp"
#include "memory/linker_symbols.hpp"
#include "memory/page_tables.hpp"
#include "memory/stacks.hpp"
#include "sched/scheduler.hpp"
#include "surefoot/ftrace.hpp"
#include "walks/execution_state.hpp"
#include "walks/port_check.hpp"

namespace kernel::walks {
namespace {

using surefoot::Stack;
using surefoot::StackKind;
using surefoot::StackSet;

constinit Description made{};
constinit std::array<surefoot::Interval, most_intervals> intervals{};
constinit std::array<std::array<Stack, 2>, cpu::most> cpu_stack_arrays{};
constinit std::array<StackSet, cpu::most> cpu_stacks{};

// What was made, or, after a message, what stands for nothing. `all_good` stays as it is, or becomes false.
template <typename T, typename E>
T take(const char* what, const std::expected<T, E>& result, bool& all_good) noexcept {
  if (!result) {
    console::print(what, ": ", to_string(result.error().code), " at ", result.error().index, "\n");
    all_good = false;
  }
  return result.value_or(T());
}

surefoot::Task describe(const Task& task, std::uint64_t shadow_call_stack_end) noexcept {
  return {.stacks = task.stacks,
          .final_record_at = task.final_record_at(),
          .return_stacks = return_stacks_of(task),
          .shadow_call_stack = {shadow_call_stack::start_of(task.index), shadow_call_stack_end}};
}

}  // namespace

bool Description::make(const surefoot::Region& image, std::span<surefoot::Interval> storage) noexcept {
  bool all_good = true;
  image_[0] = image;
  code_ = take("code map", surefoot::CodeMap::make(image_, storage), all_good);
  description_ = {.code = &code_, .exception = exception_layout};
  if (cpu::is_pointer_authentication_on()) {
    description_.pac = surefoot::PointerAuthMask::for_address_bits(memory::virtual_address_bits);
  }
#ifdef KERNEL_HAS_WITNESSES
  description_.witnesses = surefoot::Witnesses({.call_site = true, .frame_table_chain = true});
#endif
#ifdef KERNEL_HAS_SHADOW_CALL_STACK
  description_.witnesses = surefoot::Witnesses({.shadow_call_stack = true});
#endif
  kernel_ = surefoot::Kernel::make(description_);
  if (!kernel_) console::print("kernel: ", to_string(kernel_.error().code), " at ", kernel_.error().index, "\n");
  return all_good && kernel_;
}

bool initialize() noexcept {
  bool all_good = true;
  const surefoot::Region image{
      .text = image::text(),
      .special_ranges = take("special ranges", surefoot::SpecialRanges::linked(), all_good),
      .calls_without_record = take("calls without a record", surefoot::SpecialRanges::linked_calls(), all_good),
      .frame_table = take("frame table", surefoot::FrameTable::linked(), all_good),
      .patch_sites = take("patch sites", surefoot::ftrace::patch_sites(), all_good)};
  for (unsigned cpu = 0; cpu != cpu::most; ++cpu) {
    cpu_stack_arrays[cpu] = {Stack{irq_stack(cpu), StackKind::irq}, Stack{overflow_stack(cpu), StackKind::overflow}};
    cpu_stacks[cpu] = take("stacks of a CPU", StackSet::make(cpu_stack_arrays[cpu]), all_good);
  }
  all_good = made.make(image, intervals) && all_good;
  if (!is_port_good(made.description(), image) || !all_good) return false;
  describe_for_panic({.kernel = &made.described(),
                      .symbols = surefoot::Symbols::linked().value_or(surefoot::Symbols()),
                      .return_stacks_of = return_stacks_of});
  return true;
}

const Description& description() noexcept { return made; }

void publish(const surefoot::CodeMap& code) noexcept { made.publish(code); }

surefoot::Task here(std::uint64_t shadow_call_stack_end) noexcept {
  surefoot::Task task = describe(sched::current(), shadow_call_stack_end);
  task.cpu_stacks = cpu_stacks[cpu::index()];
  return task;
}

surefoot::Task at(const ExceptionFrame& frame) noexcept {
  return here(frame.is_from_el0() ? shadow_call_stack::start_of(sched::current().index) : frame.x[18]);
}

surefoot::Task blocked(const Task& task) noexcept { return describe(task, task.context.x18); }

}  // namespace kernel::walks
