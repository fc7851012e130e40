// SPDX-License-Identifier: MIT
//
// The rules of Linux's trampolines, out of their instructions.
#include <gtest/gtest.h>

#include <vector>

#include "linux/special_code.hpp"

namespace surefoot::tools {
namespace {

constexpr std::uint64_t start = 0x1000;
constexpr std::uint32_t nop = 0xd503'201f;
constexpr std::uint32_t call = 0x9400'0100;
constexpr std::uint32_t move_to_lr = 0xaa00'03fe;
constexpr std::uint32_t record_at_sp = 0x9103'a3fd;  // add x29, sp, #0xe8
constexpr std::uint32_t brk = 0xd420'00e0;
constexpr std::uint32_t ret = 0xd65f'03c0;

// A function of these instructions.
std::vector<SpecialRange> ranges_of(const char* name, const std::vector<std::uint32_t>& code) {
  KernelSymbols symbols;
  symbols.add(name, start, code.size() * 4, true);
  symbols.finish();
  const auto instruction = [&](std::uint64_t at) -> std::optional<std::uint32_t> {
    if (at < start || (at - start) / 4 >= code.size()) return {};
    return code[(at - start) / 4];
  };
  return find_special_code(symbols, instruction, {}).ranges;
}

void expect_rule(const SpecialRange& range, std::uint64_t first, std::uint64_t last, const Rule& rule) {
  EXPECT_EQ(range.range.start(), start + first * 4);
  EXPECT_EQ(range.range.end(), start + (last + 1) * 4);
  EXPECT_EQ(range.rule, rule);
}

TEST(LinuxTrampolines, TheGraphTracersEntryIsThereUpToTheEndOfTheCallAndThenX30Leads) {
  const auto ranges = ranges_of("return_to_handler", {nop, nop, call, move_to_lr, nop, ret});
  ASSERT_EQ(ranges.size(), 3U);
  expect_rule(ranges[0], 0, 2, {.pc = From::return_stack});
  expect_rule(ranges[1], 3, 3, {});
  expect_rule(ranges[2], 4, 5, {.pc = From::link_register});
}

TEST(LinuxTrampolines, WhatIsBehindTheCallHasNoRuleIfX30DoesNotComeFromX0) {
  const auto ranges = ranges_of("return_to_handler", {nop, call, nop, ret});
  ASSERT_EQ(ranges.size(), 2U);
  expect_rule(ranges[1], 2, 3, {});
}

TEST(LinuxTrampolines, AKretprobesTrampolineHasARecordOfTheHookWhereItCalls) {
  const auto ranges = ranges_of("__kretprobe_trampoline", {nop, nop, record_at_sp, nop, call, move_to_lr, nop, ret});
  ASSERT_EQ(ranges.size(), 3U);
  expect_rule(ranges[0], 0, 2, {.pc = From::return_stack});
  expect_rule(ranges[1], 3, 4, {.pc = From::frame_record});
  expect_rule(ranges[2], 5, 7, {});
  EXPECT_EQ(ranges[0].kind, SpecialKind::return_hook);
}

TEST(LinuxTrampolines, AKretprobesTrampolineThatIsABreakpointHasItsEntryThere) {
  const auto ranges = ranges_of("__kretprobe_trampoline", {brk, brk});
  ASSERT_EQ(ranges.size(), 2U);
  expect_rule(ranges[0], 0, 0, {.pc = From::return_stack});
  expect_rule(ranges[1], 1, 1, {});
}

TEST(LinuxTrampolines, ARecordBehindTheCallIsNone) {
  const auto ranges = ranges_of("arch_rethook_trampoline", {nop, call, record_at_sp, ret});
  ASSERT_EQ(ranges.size(), 2U);
  expect_rule(ranges[0], 0, 0, {.pc = From::return_stack});
  expect_rule(ranges[1], 1, 3, {});
}

TEST(LinuxTrampolines, AnEntryMayBeInFlightWhileATracerIsCalled) {
  KernelSymbols symbols;
  symbols.add("ftrace_caller", start, 12, true);
  symbols.add("ftrace_stub", start + 12, 4, true);
  symbols.finish();
  constexpr std::uint32_t code[] = {record_at_sp, call, ret, ret};
  const auto instruction = [&](std::uint64_t at) -> std::optional<std::uint32_t> {
    return at >= start && at < start + 16 ? std::optional(code[(at - start) / 4]) : std::nullopt;
  };
  Layouts layouts;
  layouts.traced_pc = 0x100;
  layouts.traced_fp = 0xf0;
  const auto ranges = find_special_code(symbols, instruction, layouts).ranges;
  ASSERT_EQ(ranges.size(), 4U);
  expect_rule(ranges[1], 1, 1, {.pc = From::frame_record, .in_flight = 2, .offset = 0x18, .fp_offset = 8});
}

}  // namespace
}  // namespace surefoot::tools
