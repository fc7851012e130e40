// SPDX-License-Identifier: MIT
//
// The return addresses that tracers keep, in both forms, whole and damaged.
#include "linux/return_stacks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "linux/walked_world.hpp"
#include "support/dump_world.hpp"
#include "support/task_stack.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::DumpWorld;
using surefoot::testing::Hooked;
using surefoot::testing::KernelForm;
using surefoot::testing::TaskStack;

class ReturnStacks : public ::testing::TestWithParam<KernelForm> {
 protected:
  static constexpr std::uint64_t hook = 0x4711;
  DumpWorld world_{GetParam()};
  std::uint64_t task_ = world_.add_task({.pid = 10});
  const GraphLayout& layout_ = *world_.layouts().graph;

  // Three calls that both kinds of tracers have hooked.
  void trace_calls() {
    TaskStack stack(world_, task_);
    stack.outermost("el0t_64_sync", "el0t_64_sync_handler")
        .call_hooked(Hooked::by_both, "el0t_64_sync_handler", "do_el0_svc")
        .call_hooked(Hooked::by_both, "do_el0_svc")
        .call_hooked(Hooked::by_both, "sys_read", "vfs_read")
        .block_at(world_.call_in("vfs_read", "wait_for_data"));
  }
  GraphEntries read() {
    VirtualMemory memory(world_.memory(), world_.tables());
    return read_graph_entries(memory, layout_, task_, hook);
  }
  TaskReturns read_all() {
    VirtualMemory memory(world_.memory(), world_.tables());
    const SpecialCode code = {.ranges = {},
                              .calls_with_record = {},
                              .outermost_calls = {},
                              .return_to_handler = 1,
                              .kretprobe_hook = 2,
                              .rethook_hook = 2,
                              .new_task = 0};
    return {memory, world_.layouts(), code, task_};
  }
  [[nodiscard]] std::uint64_t entries() { return world_.word(task_ + layout_.entries); }
  void set_used(std::int32_t used) { world_.write_number(task_ + layout_.used, used); }
  [[nodiscard]] const HookLayout& probes() const {
    return world_.is_typed() ? *world_.layouts().rethooks : *world_.layouts().kretprobes;
  }
  // Distance between two entries in memory.
  [[nodiscard]] std::uint64_t step() const { return layout_.entry_size + (world_.is_typed() ? 8 : 0); }
};

INSTANTIATE_TEST_SUITE_P(Forms, ReturnStacks, ::testing::Values(KernelForm::plain, KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(ReturnStacks, AreEmptyWhereNobodyTraces) {
  const GraphEntries graph = read();
  EXPECT_TRUE(graph.newest_first.empty());
  EXPECT_EQ(graph.fault, "");
  const TaskReturns returns = read_all();
  EXPECT_TRUE(returns.stacks().empty());
  EXPECT_TRUE(returns.faults().empty());
}

TEST_P(ReturnStacks, HaveTheNewestEntryFirst) {
  trace_calls();
  const GraphEntries graph = read();
  EXPECT_EQ(graph.fault, "");
  ASSERT_EQ(graph.newest_first.size(), 3U);
  EXPECT_EQ(graph.newest_first[0].function, world_.at("sys_read"));
  EXPECT_EQ(graph.newest_first[2].function, world_.at("el0t_64_sync_handler"));
  for (const ReturnEntry& entry : graph.newest_first) EXPECT_EQ(entry.hook, hook);
}

TEST_P(ReturnStacks, AreOneOfEachTracer) {
  trace_calls();
  const TaskReturns returns = read_all();
  ASSERT_EQ(returns.stacks().size(), 2U);
  EXPECT_EQ(returns.stacks()[0]->depth(), 3U);
  EXPECT_EQ(returns.stacks()[0]->top()->hook, 1U);
  EXPECT_EQ(returns.stacks()[0]->top()->function, world_.at("sys_read"));
  EXPECT_EQ(returns.stacks()[1]->depth(), 3U);
  EXPECT_EQ(returns.stacks()[1]->top()->hook, 2U);
  EXPECT_EQ(returns.stacks()[1]->top()->return_address, world_.call_in("do_el0_svc"));
  EXPECT_TRUE(returns.faults().empty());
}

TEST_P(ReturnStacks, SayThatAnIndexIsTooLarge) {
  trace_calls();
  for (const std::int32_t used : {0x7fff'ffff, 1 << 17}) {
    set_used(used);
    const GraphEntries graph = read();
    EXPECT_TRUE(graph.newest_first.empty());
    EXPECT_NE(graph.fault, "");
  }
}

TEST_P(ReturnStacks, AreEmptyOrWrongWhereTheIndexIsNegative) {
  trace_calls();
  set_used(-1);
  EXPECT_TRUE(read().newest_first.empty());
  EXPECT_EQ(read().fault.empty(), !world_.is_typed());
  set_used(-0x7fff'ffff);
  EXPECT_TRUE(read().newest_first.empty());
}

TEST_P(ReturnStacks, SayThatEntriesCannotBeRead) {
  trace_calls();
  world_.write_word(task_ + layout_.entries, 0xffff'0000'0000'0000);
  EXPECT_TRUE(read().newest_first.empty());
  EXPECT_TRUE(read().fault.contains("cannot be read")) << read().fault;
  world_.write_word(task_ + layout_.entries, ~std::uint64_t{7});
  EXPECT_NE(read().fault, "");
  task_ = 0xffff'0000'0000'0000;
  EXPECT_EQ(read().fault, "the function-graph return stack cannot be read");
}

TEST_P(ReturnStacks, LeaveOutAnEntryThatIsBeingWritten) {
  trace_calls();
  world_.write_word(entries() + 2 * step() + layout_.return_address, 0);
  const TaskReturns returns = read_all();
  EXPECT_EQ(returns.stacks()[0]->depth(), 2U);
  EXPECT_EQ(returns.stacks()[0]->top()->function, world_.at("do_el0_svc"));
}

TEST_P(ReturnStacks, SayThatAListOfProbesIsACircle) {
  trace_calls();
  // The first and oldest, which was the end of the list, leads to the newest.
  const std::uint64_t newest = world_.word(task_ + probes().first);
  const std::uint64_t oldest = world_.word(world_.word(newest));
  world_.write_word(oldest, newest);
  const TaskReturns returns = read_all();
  ASSERT_EQ(returns.faults().size(), 1U);
  EXPECT_TRUE(returns.faults()[0].contains("is damaged"));
}

TEST_P(ReturnStacks, SayThatAProbeCannotBeRead) {
  trace_calls();
  const std::uint64_t newest = world_.word(task_ + probes().first);
  world_.write_word(newest, 0xffff'0000'0000'0010);
  const TaskReturns returns = read_all();
  ASSERT_EQ(returns.faults().size(), 1U);
  ASSERT_EQ(returns.stacks().size(), 2U);
  EXPECT_EQ(returns.stacks()[1]->depth(), 1U);
}

class ShadowStack : public ReturnStacks {};
INSTANTIATE_TEST_SUITE_P(Forms, ShadowStack, ::testing::Values(KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(ShadowStack, SkipsWhatTracersHaveReservedBehindAnEntry) {
  trace_calls();
  // The last entry's last word moves up by two words, which its tracer has reserved.
  const std::uint64_t last = entries() + 3 * step() - 8;
  world_.write_word(last + 16, layout_.entry_size / 8 + 2);
  set_used(static_cast<std::int32_t>(3 * step() / 8 + 2));
  const GraphEntries graph = read();
  EXPECT_EQ(graph.fault, "");
  ASSERT_EQ(graph.newest_first.size(), 3U);
  EXPECT_EQ(graph.newest_first[0].function, world_.at("sys_read"));
}

TEST_P(ShadowStack, EndsAtAWordThatLeadsNowhere) {
  trace_calls();
  const std::uint64_t second = entries() + 2 * step() - 8;
  for (const std::uint64_t distance : {0UL, 1UL, 0x3ffUL, 20UL}) {
    world_.write_word(second, distance);
    const GraphEntries graph = read();
    EXPECT_EQ(graph.fault, "the function-graph return stack is damaged");
    EXPECT_EQ(graph.newest_first.size(), 1U);
  }
}

}  // namespace
}  // namespace surefoot::tools
