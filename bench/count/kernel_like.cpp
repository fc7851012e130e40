// SPDX-License-Identifier: MIT
#include "count/kernel_like.hpp"

#include <array>
#include <expected>

#include "count/code.hpp"
#include "count/frame_sections.hpp"

namespace bench {
namespace {

using surefoot::AddressRange;
using surefoot::Context;
using surefoot::Frame;
using surefoot::FrameTable;
using surefoot::Rule;
using surefoot::SpecialRangeEntry;
using surefoot::SpecialRanges;
using surefoot::Stack;
using surefoot::StackKind;
using surefoot::Start;
using surefoot::Trace;

constexpr surefoot::PointerAuthMask pac = surefoot::PointerAuthMask::for_address_bits(address_bits);

constinit std::array<AddressRange, 1 + max_module_count> text{};
constinit std::span<const SpecialRangeEntry> special_table;
constinit SpecialRanges special_ranges;
constinit std::expected<FrameTable, surefoot::FrameTableError> frame_table =
    std::unexpected(surefoot::FrameTableError::truncated);
constinit Context context;

constinit surefoot::ReturnEntry return_entries[max_depth] = {};
constinit surefoot::ReturnStack return_stack(return_entries);
constinit std::array<Stack, 4> stacks{};
constinit surefoot::TaskActivity activity;
constinit surefoot::Registers registers{};
constinit Start start = Start::no_stack();

[[gnu::noinline]] bool describe_again() noexcept {
  const auto made = SpecialRanges::make(special_table, special_table_at);
  special_ranges = made.value_or(SpecialRanges());
  return made.has_value();
}

[[gnu::noinline]] void walk_by_cursor(const Start& from, const Context& walked, std::span<Frame> frames,
                                      Trace& trace) noexcept {
  surefoot::Cursor cursor(from, walked);
  std::size_t count = 0;
  while (count < frames.size() && cursor.next(frames[count])) ++count;
  trace = {.frames = frames.first(count), .verdict = cursor.verdict()};
}

[[gnu::noinline]] std::uint64_t find_kind(const SpecialRanges& ranges, std::uint64_t address) noexcept {
  return static_cast<std::uint64_t>(ranges.find(address).kind);
}

[[gnu::noinline]] void find_rule(const FrameTable& table, std::uint64_t address, Rule& rule) noexcept {
  rule = table.find(address);
}

template <class... Parameters, class Result>
std::uintptr_t function_address(Result (*function)(Parameters...) noexcept) noexcept {
  return reinterpret_cast<std::uintptr_t>(function);
}

}  // namespace

void describe(const KernelShape& kernel) noexcept {
  text[0] = image_text;
  for (std::size_t i = 0; i < kernel.ranges.modules; ++i) text[1 + i] = module_text(i);
  special_table = lay_special_table(kernel.ranges);
  if (!describe_again()) report_failure({"kernel"}, "table of special ranges refused");
  context = Context();
  context.text = std::span(text).first(1 + kernel.ranges.modules);
  context.special_ranges = special_ranges;
  context.pac = pac;
  if (kernel.function_count == 0) return;
  const std::span<const std::byte> section = lay_frame_section(kernel.function_count);
  frame_table = FrameTable::make(section, address_of(section.front()));
  if (!frame_table) return report_failure({"kernel"}, to_string(frame_table.error()));
  context.frame_table = &*frame_table;
}

CountedCall describing_again() noexcept { return {.function = function_address(&describe_again)}; }

void make_task(const Chain& chain, TaskShape task) noexcept {
  stacks = {Stack{chain.irq_stack, StackKind::irq}, Stack{AddressRange(0x1000'0000, 0x1000'4000), StackKind::overflow},
            Stack{AddressRange(0x2000'0000, 0x2000'4000), StackKind::exception},
            Stack{chain.task_stack, StackKind::task}};
  while (return_stack.depth() != 0) return_stack.pop();
  for (const Rewritten& entry : chain.rewritten) {
    const bool is_pushed = return_stack.push(
        {.return_address = entry.return_address, .function = 0, .key = entry.key, .hook = entry.hook});
    if (!is_pushed) report_failure({"task"}, "return stack full");
  }
  registers = {.fp = chain.fp, .sp = chain.fp, .pc = chain.pc};
  const bool is_blocked = task == TaskShape::blocked;
  start = is_blocked ? Start::blocked_task(registers, activity) : Start::at_call(registers);
  context.stacks = is_blocked ? std::span<const Stack>(stacks).last(1) : std::span<const Stack>(stacks);
  context.return_stack = &return_stack;
  context.final_record_at = chain.final_record_at;
}

CountedCall walking(surefoot::Policy policy, std::span<Frame> frames, Trace& trace) noexcept {
  context.policy = policy;
  using Walk = Trace (*)(const Start&, const Context&, std::span<Frame>) noexcept;
  return {.function = reinterpret_cast<std::uintptr_t>(static_cast<Walk>(&surefoot::walk)),
          .result_at = address_of(trace),
          .arguments = {address_of(start), address_of(context), address_of(frames[0]), frames.size()}};
}

CountedCall walking_by_cursor(surefoot::Policy policy, std::span<Frame> frames, Trace& trace) noexcept {
  context.policy = policy;
  return {
      .function = function_address(&walk_by_cursor),
      .arguments = {address_of(start), address_of(context), address_of(frames[0]), frames.size(), address_of(trace)}};
}

CountedCall finding_range(std::uint64_t address) noexcept {
  return {.function = function_address(&find_kind), .arguments = {address_of(special_ranges), address}};
}

CountedCall finding_rule(std::uint64_t address, Rule& rule) noexcept {
  return {.function = function_address(&find_rule), .arguments = {address_of(*frame_table), address, address_of(rule)}};
}

std::uint64_t strip(std::uint64_t address) noexcept { return pac.strip(address); }

}  // namespace bench
