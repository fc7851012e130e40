// SPDX-License-Identifier: MIT
#include "count/kernel_like.hpp"

#include <array>
#include <expected>

#include "count/code.hpp"
#include "count/frame_sections.hpp"

namespace bench {
namespace {

using surefoot::AddressRange;
using surefoot::CodeMap;
using surefoot::Frame;
using surefoot::FrameTable;
using surefoot::Interval;
using surefoot::Kernel;
using surefoot::KernelError;
using surefoot::KernelFault;
using surefoot::Policy;
using surefoot::Region;
using surefoot::Rule;
using surefoot::SpecialRanges;
using surefoot::Stack;
using surefoot::StackKind;
using surefoot::StackSet;
using surefoot::Start;
using surefoot::Task;
using surefoot::Trace;

constexpr surefoot::PointerAuthMask pac = surefoot::PointerAuthMask::for_address_bits(address_bits);

constinit std::span<const SpecialTable> special_tables;
constinit surefoot::Witnesses witnesses;
constinit std::array<Region, 1 + max_module_count> region_storage{};
constinit std::array<Interval, 2 * max_range_count + 64> interval_storage{};
constinit FrameTable frame_table;
constinit CodeMap code;
constinit std::expected<Kernel, KernelError> kernel = std::unexpected(KernelError{KernelFault::missing_code_map});

constinit surefoot::ReturnEntry return_entries[max_depth] = {};
constinit surefoot::ReturnStack return_stack(return_entries);
constinit const surefoot::ReturnStack* const return_stacks[] = {&return_stack};
constinit std::array<Stack, 3> cpu_stacks{};
constinit std::array<Stack, 1> task_stacks{};
constinit Task task;
constinit surefoot::TaskActivity activity;
constinit surefoot::Registers registers{};
constinit Start start = Start::no_stack();

// True if nothing was refused. Each region's text is in its place already.
[[gnu::noinline]] bool describe_again() noexcept {
  const std::span<Region> regions = std::span(region_storage).first(special_tables.size());
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const auto ranges = SpecialRanges::make(special_tables[i].entries, special_tables[i].at);
    if (!ranges) return false;
    regions[i].special_ranges = *ranges;
  }
  const auto map = CodeMap::make(regions, interval_storage);
  if (!map) return false;
  code = *map;
  kernel = Kernel::make({.code = &code, .pac = pac, .witnesses = witnesses});
  return kernel.has_value();
}

[[gnu::noinline]] Trace walk_by_cursor(const Start& from, const Kernel& in, const Task& of, std::span<Frame> frames,
                                       Policy policy) noexcept {
  surefoot::Cursor cursor(from, in, of, policy);
  std::size_t count = 0;
  while (count < frames.size() && cursor.next(frames[count])) ++count;
  return {.frames = frames.first(count), .verdict = cursor.verdict()};
}

[[gnu::noinline]] std::uint64_t find_kind(const CodeMap& map, std::uint64_t address) noexcept {
  return static_cast<std::uint64_t>(map[map.find(address)].special);
}

[[gnu::noinline]] void find_rule(const FrameTable& table, std::uint64_t address, Rule& rule) noexcept {
  rule = table.find(address);
}

template <class... Parameters, class Result>
std::uintptr_t function_address(Result (*function)(Parameters...) noexcept) noexcept {
  return reinterpret_cast<std::uintptr_t>(function);
}

// As a timer's handler does it, with a counter of some seconds and a small number of a task.
std::uint64_t sample(surefoot::profile::Sampler& sampler, Policy policy) noexcept {
  return static_cast<std::uint64_t>(sampler.sample({.time = 250'000'000, .task = 12}, start, *kernel, task, policy));
}

using Walk = Trace (*)(const Start&, const Kernel&, const Task&, std::span<Frame>, Policy) noexcept;

CountedCall walking_by(Walk function, Policy policy, std::span<Frame> frames, Trace& trace) noexcept {
  return {.function = function_address(function),
          .result_at = address_of(trace),
          .arguments = {address_of(start), address_of(*kernel), address_of(task), address_of(frames[0]), frames.size(),
                        static_cast<std::uint64_t>(policy)}};
}

}  // namespace

void describe(const KernelShape& shape) noexcept {
  witnesses = shape.witnesses;
  special_tables = lay_special_tables(shape.ranges);
  region_storage[0] = {.text = shape.text};
  for (std::size_t i = 0; i < shape.ranges.modules; ++i) region_storage[1 + i] = {.text = module_text(i)};
  if (shape.function_count != 0) {
    const auto table =
        FrameTable::make(lay_frame_section(shape.function_count, shape.text.start(), shape.has_outermost));
    if (!table) return report_failure({"kernel"}, to_string(table.error().code));
    frame_table = *table;
    region_storage[0].frame_table = frame_table;
  }
  if (!describe_again()) report_failure({"kernel"}, "special ranges, code map or description refused");
}

CountedCall describing_again() noexcept { return {.function = function_address(&describe_again)}; }

void make_task(const Chain& chain, TaskShape shape) noexcept {
  cpu_stacks = {Stack{chain.irq_stack, StackKind::irq},
                Stack{AddressRange(0x1000'0000, 0x1000'4000), StackKind::overflow},
                Stack{AddressRange(0x2000'0000, 0x2000'4000), StackKind::exception}};
  task_stacks = {Stack{chain.task_stack, StackKind::task}};
  const auto of_cpu = StackSet::make(cpu_stacks);
  const auto of_task = StackSet::make(task_stacks);
  if (!of_cpu || !of_task) return report_failure({"task"}, "stacks refused");
  while (return_stack.depth() != 0) return_stack.pop();
  for (const Rewritten& entry : chain.rewritten) {
    const bool is_pushed = return_stack.push(
        {.return_address = entry.return_address, .function = 0, .key = entry.key, .hook = entry.hook});
    if (!is_pushed) report_failure({"task"}, "return stack full");
  }
  registers = {.fp = chain.fp, .sp = chain.fp, .pc = chain.pc};
  const bool is_blocked = shape == TaskShape::blocked;
  start = is_blocked ? Start::blocked_task(registers, activity) : Start::at_call(registers);
  task = {.stacks = *of_task,
          .cpu_stacks = is_blocked ? StackSet() : *of_cpu,
          .final_record_at = chain.final_record_at,
          .return_stacks = return_stacks,
          .shadow_call_stack = chain.shadow_call_stack};
}

CountedCall walking(Policy policy, std::span<Frame> frames, Trace& trace) noexcept {
  return walking_by(&surefoot::walk, policy, frames, trace);
}

CountedCall walking_by_cursor(Policy policy, std::span<Frame> frames, Trace& trace) noexcept {
  return walking_by(&walk_by_cursor, policy, frames, trace);
}

CountedCall sampling(Policy policy, surefoot::profile::Sampler& sampler) noexcept {
  return {.function = function_address(&sample),
          .arguments = {address_of(sampler), static_cast<std::uint64_t>(policy)}};
}

CountedCall finding_kind(std::uint64_t address) noexcept {
  return {.function = function_address(&find_kind), .arguments = {address_of(code), address}};
}

CountedCall finding_rule(std::uint64_t address, Rule& rule) noexcept {
  return {.function = function_address(&find_rule), .arguments = {address_of(frame_table), address, address_of(rule)}};
}

std::uint64_t strip(std::uint64_t address) noexcept { return pac.strip(address); }

}  // namespace bench
