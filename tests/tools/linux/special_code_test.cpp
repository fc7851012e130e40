// SPDX-License-Identifier: MIT
//
// The special code of the miniature kernel, whose instructions are in tests/tools/images/linux/kernel.S, and that of
// symbols which make no sense.
#include "linux/special_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/dump_world.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::DumpWorld;
using surefoot::testing::KernelForm;

class SpecialCodeOfAKernel : public ::testing::TestWithParam<KernelForm> {
 protected:
  DumpWorld world_{GetParam()};
  SpecialCode code_ = find_special_code(
      world_.symbols(), [this](std::uint64_t at) { return world_.image().instruction_at(at - DumpWorld::slide); },
      world_.layouts());

  [[nodiscard]] const SpecialRange* range_at(std::uint64_t address) const {
    const auto found = std::ranges::find_if(
        code_.ranges, [address](const SpecialRange& range) { return range.range.contains(address); });
    return found == code_.ranges.end() ? nullptr : &*found;
  }
  [[nodiscard]] SpecialKind kind_at(std::uint64_t address) const {
    const SpecialRange* const range = range_at(address);
    return range == nullptr ? SpecialKind::none : range->kind;
  }
  [[nodiscard]] Rule rule_at(std::uint64_t address) const {
    const SpecialRange* const range = range_at(address);
    return range == nullptr ? Rule{} : range->rule;
  }
  // The last instruction of a call.
  [[nodiscard]] std::uint64_t call(std::string_view function, std::string_view callee = {}) const {
    return world_.call_in(function, callee) - 4;
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, SpecialCodeOfAKernel, ::testing::Values(KernelForm::plain, KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(SpecialCodeOfAKernel, IsSortedAndApart) {
  const auto made = SpecialRanges::make(std::span<const SpecialRange>(code_.ranges));
  ASSERT_TRUE(made) << to_string(made.error().code);
  EXPECT_EQ(made->size(), code_.ranges.size());
}

TEST_P(SpecialCodeOfAKernel, HasARuleAtTheHandlersCallsOfEl1) {
  const From from = world_.is_typed() ? From::frame_record : From::exception_frame;
  for (const std::string name : {"el1h_64_sync", "el1h_64_irq"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(kind_at(call(name, name + "_handler")), SpecialKind::exception_entry);
    EXPECT_EQ(rule_at(call(name, name + "_handler")).pc, from);
    EXPECT_EQ(kind_at(world_.at(name)), SpecialKind::exception_entry);
    EXPECT_EQ(rule_at(world_.at(name)).pc, From::nowhere);
  }
  EXPECT_EQ(rule_at(call("__bad_stack", "handle_bad_stack")).pc, from);
  EXPECT_EQ(kind_at(world_.at("ret_to_user")), SpecialKind::exception_entry);
}

TEST_P(SpecialCodeOfAKernel, LeavesTheCallsByWhichChainsBeginPlain) {
  std::vector<std::uint64_t> calls;
  for (const std::string name : {"el0t_64_sync", "el0t_64_irq", "el0t_32_sync"}) {
    calls.push_back(call(name, name + "_handler"));
    EXPECT_EQ(kind_at(world_.at(name)), SpecialKind::exception_entry);
  }
  calls.push_back(call("ret_from_fork", "schedule_tail"));
  calls.push_back(call("ret_from_fork"));
  calls.push_back(call("__secondary_switched", "secondary_start_kernel"));
  calls.push_back(call("__primary_switched", "start_kernel"));
  for (const std::uint64_t at : calls) EXPECT_EQ(kind_at(at), SpecialKind::none) << std::hex << at;
  std::ranges::sort(calls);
  EXPECT_EQ(code_.outermost_calls, calls);
}

TEST_P(SpecialCodeOfAKernel, BeginsANewTaskAtItsFinalRecord) {
  EXPECT_EQ(code_.new_task, world_.at("ret_from_fork"));
  EXPECT_EQ(kind_at(code_.new_task), SpecialKind::none);  // its first instruction is a call
  EXPECT_EQ(kind_at(code_.new_task + 4), SpecialKind::other);
  EXPECT_EQ(rule_at(code_.new_task + 4).pc, From::frame_record);
}

TEST_P(SpecialCodeOfAKernel, HasTheTracersTrampolinesWithBothCopiesOfTheRegisters) {
  const Layouts& layouts = world_.layouts();
  const std::uint64_t at = world_.is_typed() ? call("ftrace_caller") : world_.at("ftrace_call");
  EXPECT_EQ(kind_at(at), SpecialKind::ftrace_call);
  const Rule rule = rule_at(at);
  // The last record before the call is the one nearest to sp.
  const std::int32_t record = world_.is_typed() ? 112 : 288;
  EXPECT_EQ(rule.pc, From::frame_record);
  EXPECT_EQ(rule.offset, static_cast<std::int32_t>(layouts.traced_pc) - record);
  EXPECT_EQ(rule.fp_offset, static_cast<std::int32_t>(layouts.traced_fp) - record);
  EXPECT_EQ(kind_at(world_.at("ftrace_caller")), SpecialKind::ftrace_trampoline);
  EXPECT_EQ(kind_at(world_.at("ftrace_stub")), SpecialKind::ftrace_trampoline);
}

TEST_P(SpecialCodeOfAKernel, KnowsTheHooksByTheirFirstInstruction) {
  const std::uint64_t handler = world_.at("return_to_handler");
  EXPECT_EQ(code_.return_to_handler, handler);
  ASSERT_NE(range_at(handler), nullptr);
  EXPECT_TRUE(range_at(handler)->is_return_hook_at(handler));
  EXPECT_EQ(rule_at(handler).pc, From::return_stack);
  const std::uint64_t inner = call("return_to_handler", "ftrace_return_to_handler");
  EXPECT_EQ(kind_at(inner), SpecialKind::return_to_handler);
  EXPECT_EQ(kind_at(inner + 4), SpecialKind::ftrace_trampoline);
  const std::uint64_t probe = world_.is_typed() ? code_.rethook_hook : code_.kretprobe_hook;
  EXPECT_EQ(probe, world_.at(world_.is_typed() ? "arch_rethook_trampoline" : "__kretprobe_trampoline"));
  EXPECT_EQ(world_.is_typed() ? code_.kretprobe_hook : code_.rethook_hook, 0U);
  EXPECT_EQ(kind_at(probe), SpecialKind::return_hook);
}

TEST_P(SpecialCodeOfAKernel, TrustsTheRecordOfTheCallOnTheIrqStack) {
  EXPECT_EQ(code_.calls_with_record, std::vector<std::uint64_t>{call("call_on_irq_stack")});
  EXPECT_EQ(kind_at(world_.at("call_on_irq_stack")), SpecialKind::none);
}

TEST_P(SpecialCodeOfAKernel, DistrustsCodeOfOtherLevelsAndStacks) {
  for (const char* name : {"hyp_function", "hyp_helper", "__secondary_switched"}) {
    EXPECT_EQ(kind_at(world_.at(name)), SpecialKind::other) << name;
    EXPECT_EQ(rule_at(world_.at(name)).pc, From::nowhere) << name;
  }
  EXPECT_EQ(kind_at(world_.at("el0t_64_sync_handler")), SpecialKind::none);
}

// So that a call of it is compared with the function inside, as other calls are.
TEST_P(SpecialCodeOfAKernel, HasAPlainFirstInstructionWhereCCallsIt) {
  EXPECT_EQ(kind_at(world_.at("cpu_switch_to")), SpecialKind::none);
  EXPECT_EQ(kind_at(world_.at("cpu_switch_to") + 4), SpecialKind::other);
}

TEST_P(SpecialCodeOfAKernel, KeepsTheCallsWithoutARecordThatAreNotSpecial) {
  const std::uint64_t plain = world_.at("vfs_read");
  const auto call_at = [](std::uint64_t at) { return AddressRange(at, at + 4); };
  const std::vector<AddressRange> calls = {call_at(plain), call_at(world_.at("cpu_switch_to") + 4),
                                           call_at(code_.calls_with_record.front()),
                                           call_at(code_.outermost_calls.front())};
  const auto remaining = remaining_calls(calls, code_);
  ASSERT_EQ(remaining.size(), 1U);
  EXPECT_EQ(remaining.front().range.start(), plain);
  EXPECT_EQ(remaining.front().kind, SpecialKind::call_without_record);
}

// Symbols without a kernel.
SpecialCode code_of(KernelSymbols symbols, std::uint32_t everywhere = 0xd503'201f) {
  symbols.finish();
  return find_special_code(symbols, [everywhere](std::uint64_t) { return everywhere; }, {});
}

TEST(SpecialCode, IsNoneWithoutSymbols) {
  const SpecialCode code = code_of({});
  EXPECT_TRUE(code.ranges.empty());
  EXPECT_TRUE(code.outermost_calls.empty());
  EXPECT_EQ(code.return_to_handler, 0U);
  EXPECT_EQ(code.new_task, 0U);
}

TEST(SpecialCode, IsOneInstructionWhereASymbolHasNoSize) {
  KernelSymbols symbols;
  symbols.add("_cpu_resume", 0x1000, 0, true);
  const SpecialCode code = code_of(std::move(symbols));
  ASSERT_EQ(code.ranges.size(), 1U);
  EXPECT_EQ(code.ranges.front().range.end(), 0x1004U);
}

TEST(SpecialCode, EndsWhereNoFunctionIsAsLong) {
  KernelSymbols symbols;
  symbols.add("cpu_switch_to", 0x10000, ~std::uint64_t{0}, true);
  symbols.add("return_to_handler", 0x20000, 0x7000'0000, true);
  const SpecialCode code = code_of(std::move(symbols));
  for (const SpecialRange& range : code.ranges) EXPECT_LE(range.range.end() - range.range.start(), 4096U);
}

TEST(SpecialCode, LeavesOutSymbolsThatAreNotAligned) {
  KernelSymbols symbols;
  symbols.add("cpu_switch_to", 0x1002, 64, true);
  symbols.add("__hyp_text_start", 0x3002, 0, false);
  symbols.add("__hyp_text_end", 0x3102, 0, false);
  const SpecialCode code = code_of(std::move(symbols));
  EXPECT_TRUE(code.ranges.empty());
}

TEST(SpecialCode, LeavesOutSectionsThatEndBeforeTheyStartOrNever) {
  KernelSymbols symbols;
  symbols.add("__hyp_text_start", 0x3000, 0, false);
  symbols.add("__hyp_text_end", 0x2000, 0, false);
  symbols.add("__idmap_text_start", 0x1000, 0, false);
  symbols.add("__idmap_text_end", 0x1000'0000'0000, 0, false);
  EXPECT_TRUE(code_of(std::move(symbols)).ranges.empty());
}

TEST(SpecialCode, IsSoundAtTheEndOfTheAddressSpace) {
  KernelSymbols symbols;
  const std::uint64_t end = ~std::uint64_t{0} - 15;
  for (const char* name : {"cpu_switch_to", "return_to_handler", "ret_from_fork", "ftrace_caller", "el1h_64_sync",
                           "__kretprobe_trampoline", "call_on_irq_stack"}) {
    symbols.add(name, end, 4096, true);
  }
  // All of it is calls of 0x40 further on.
  const SpecialCode code = code_of(std::move(symbols), 0x9400'0010);
  for (const SpecialRange& range : code.ranges) {
    EXPECT_LT(range.range.start(), range.range.end());
    EXPECT_EQ(range.range.end() % 4, 0U);
  }
  EXPECT_LE(code.outermost_calls.size(), 1024U);
}

// In front of the place there is nothing that makes a record.
TEST(SpecialCode, HasNoRuleForATracersCallWithoutARecord) {
  KernelSymbols symbols;
  symbols.add("ftrace_caller", 0x1000, 64, true);
  symbols.add("ftrace_stub", 0x1040, 4, true);
  const SpecialCode code = code_of(std::move(symbols), 0x9400'0010);
  for (const SpecialRange& range : code.ranges) EXPECT_EQ(range.kind, SpecialKind::ftrace_trampoline);
}

}  // namespace
}  // namespace surefoot::tools
