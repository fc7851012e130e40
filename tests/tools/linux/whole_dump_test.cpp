// SPDX-License-Identifier: MIT
//
// Whole dumps: the miniature kernel's tasks, asleep and running, in both forms of the kernel, as `surefoot vmcore`
// reads them. A kernel of Linux is not needed.
#include <gtest/gtest.h>

#include "linux/walked_world.hpp"
#include "support/task_stack.hpp"

namespace surefoot::testing {
namespace {

constexpr std::int64_t pid = 77;

class WholeDump : public ::testing::TestWithParam<KernelForm> {
 protected:
  DumpWorld world_{GetParam()};

  std::uint64_t add_task() { return world_.add_task({.pid = pid, .name = "reader"}); }
  // A task in a system call, up to vfs_read.
  TaskStack in_read(std::uint64_t task) {
    TaskStack stack(world_, task);
    stack.outermost("el0t_64_sync", "el0t_64_sync_handler")
        .call("el0t_64_sync_handler", "do_el0_svc")
        .call("do_el0_svc")
        .call("sys_read", "vfs_read");
    return stack;
  }
  // The trace has these frames, and it is reliable.
  static void expect_reliable(const tools::TaskTrace& trace, const TaskStack& stack) {
    EXPECT_TRUE(trace.verdict.is_reliable()) << text_of(trace);
    EXPECT_EQ(pcs_of(trace), stack.expected()) << text_of(trace);
    EXPECT_EQ(trace.verdict.stop, StopReason::final_record);
    EXPECT_EQ(trace.verdict.stop_at, stack.final_record());
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, WholeDump, ::testing::Values(KernelForm::plain, KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(WholeDump, FindsEveryCallerOfABlockedTaskAndIsReliable) {
  TaskStack stack = in_read(add_task());
  stack.call("vfs_read", "wait_for_data").call("wait_for_data", "schedule").block();
  for (const Policy policy : {Policy::strict, Policy::exact}) {
    SCOPED_TRACE(to_string(policy));
    const tools::TaskTrace trace = walk_in(world_, pid, policy);
    expect_reliable(trace, stack);
    EXPECT_EQ(functions_of(trace),
              (std::vector<std::string>{"__switch_to", "__schedule", "schedule", "wait_for_data", "vfs_read",
                                        "sys_read", "do_el0_svc", "el0t_64_sync_handler", "el0t_64_sync"}));
  }
}

TEST_P(WholeDump, FindsTheCallerOfALeafThatAnExceptionInterrupted) {
  TaskStack stack = in_read(add_task());
  stack.call("vfs_read", "copy_words")
      .interrupt_leaf(world_.at("copy_words_fault"))
      .call("el1h_64_sync_handler", "do_page_fault")
      .call("do_page_fault", "schedule")
      .block();
  expect_reliable(walk_in(world_, pid, Policy::exact), stack);
  const tools::TaskTrace strict = walk_in(world_, pid, Policy::strict);
  EXPECT_FALSE(strict.verdict.is_reliable()) << text_of(strict);
}

}  // namespace
}  // namespace surefoot::testing
