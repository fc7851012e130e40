// SPDX-License-Identifier: MIT
//
// Which of two tasks runs while a CPU changes from one to the other.
#include <gtest/gtest.h>

#include "linux/cpus.hpp"
#include "support/dump_builder.hpp"

namespace surefoot::tools {
namespace {

constexpr PageTables tables{.root = 0x4000'0000, .page_bits = 12, .address_bits = 48};
constexpr std::uint64_t first = 0xffff'0000'1234'0000;  // task_struct of one, and of the other
constexpr std::uint64_t second = first + 0x100;
constexpr std::uint64_t first_stack = 0xffff'8000'0000'0000;
constexpr std::uint64_t second_stack = first_stack + 0x8000;
constexpr std::uint64_t stack_size = 0x4000;
constexpr TaskLayout layout = [] {
  TaskLayout with_stack;
  with_stack.stack = 0x20;
  return with_stack;
}();

class WhoRuns : public ::testing::Test {
 protected:
  WhoRuns() {
    builder_.map(first, 0x5000'0000);
    memory_.write_word(0x5000'0000 + layout.stack, first_stack);
    memory_.write_word(0x5000'0100 + layout.stack, second_stack);
    for (const std::uint64_t address : {first, second}) {
      TaskInfo task;
      task.address = address;
      task.is_running = true;
      tasks_.push_back(task);
    }
    LinuxCpu cpu;
    cpu.current = second;
    cpu.registers = CpuState{.sp = first_stack + 0x100, .pstate = 0x3c5};
    cpus_.push_back(cpu);
  }

  void settle() {
    VirtualMemory memory(memory_, tables);
    settle_who_runs(cpus_, tasks_, memory, layout, stack_size);
  }
  void expect_both_with(std::uint64_t current) const {
    EXPECT_EQ(cpus_[0].current, current);
    EXPECT_TRUE(tasks_[0].is_running);
    EXPECT_TRUE(tasks_[1].is_running);
  }

  surefoot::testing::SparseMemory memory_;
  surefoot::testing::TableBuilder builder_{memory_, tables, 4};
  std::vector<LinuxCpu> cpus_;
  std::vector<TaskInfo> tasks_;
};

TEST_F(WhoRuns, TheOneOnWhoseStackTheCpuIsThoughAnotherIsCurrent) {
  settle();
  EXPECT_EQ(cpus_[0].current, first);
  EXPECT_TRUE(tasks_[0].is_running);
  EXPECT_FALSE(tasks_[1].is_running);
}

TEST_F(WhoRuns, TheCurrentOneAndNotTheOneThatItHasReplaced) {
  cpus_[0].registers->sp = second_stack + stack_size;  // where a stack is empty
  settle();
  EXPECT_EQ(cpus_[0].current, second);
  EXPECT_FALSE(tasks_[0].is_running);
  EXPECT_TRUE(tasks_[1].is_running);
}

TEST_F(WhoRuns, IsLeftAloneWhereTheStackSaysNothing) {
  cpus_[0].registers->sp = second_stack + stack_size + 0x10;
  settle();
  expect_both_with(second);
  cpus_[0].registers = CpuState{.sp = first_stack + 0x100, .pstate = 0};  // an sp of user space
  settle();
  expect_both_with(second);
  cpus_[0].registers.reset();
  settle();
  expect_both_with(second);
}

TEST_F(WhoRuns, IsNobodyThatIsBlockedOrOnAnotherCpu) {
  tasks_[0].cpu = 1;
  settle();
  expect_both_with(second);
  tasks_[0].cpu = 0;
  tasks_[0].is_running = false;
  settle();
  EXPECT_EQ(cpus_[0].current, second);
  EXPECT_TRUE(tasks_[1].is_running);
}

}  // namespace
}  // namespace surefoot::tools
