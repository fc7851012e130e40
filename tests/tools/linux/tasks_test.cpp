// SPDX-License-Identifier: MIT
//
// The lists of tasks of a dump, whole and damaged.
#include "linux/tasks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "linux/walked_world.hpp"
#include "support/dump_world.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::DumpWorld;
using surefoot::testing::is_said;
using surefoot::testing::KernelForm;

class Tasks : public ::testing::TestWithParam<KernelForm> {
 protected:
  DumpWorld world_{GetParam()};
  const TaskLayout& layout_ = world_.layouts().task;

  TaskList read() {
    VirtualMemory memory(world_.memory(), world_.tables());
    const KernelSymbols symbols = world_.symbols();
    const auto cpus = read_cpus(memory, symbols, world_.layouts(), DumpWorld::thread_size, world_.cpus);
    return read_tasks(memory, symbols, layout_, cpus);
  }
  TaskInfo read_one(std::int64_t pid) {
    const TaskList list = read();
    const auto found = std::ranges::find(list.tasks, pid, &TaskInfo::pid);
    return found == list.tasks.end() ? TaskInfo{} : *found;
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, Tasks, ::testing::Values(KernelForm::plain, KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

std::vector<std::int64_t> pids_of(const TaskList& list) {
  std::vector<std::int64_t> pids;
  for (const TaskInfo& task : list.tasks) pids.push_back(task.pid);
  return pids;
}

TEST_P(Tasks, AreTheIdleOnesThenAllThreadsByPid) {
  const std::uint64_t leader = world_.add_task({.pid = 20, .name = "leader"});
  world_.add_task({.pid = 7});
  world_.add_task({.pid = 22, .leader = leader});
  world_.add_task({.pid = 21, .leader = leader});
  const TaskList list = read();
  EXPECT_TRUE(list.warnings.empty());
  EXPECT_EQ(pids_of(list), (std::vector<std::int64_t>{0, 0, 7, 20, 21, 22}));
  EXPECT_TRUE(list.tasks[0].is_idle && list.tasks[1].is_idle && !list.tasks[2].is_idle);
  EXPECT_EQ(list.tasks[1].cpu, 1U);
  EXPECT_EQ(list.tasks[5].tgid, 20);
  EXPECT_EQ(list.tasks[3].name, "leader");
  EXPECT_EQ(list.tasks[3].switches, 7U);
}

TEST_P(Tasks, HaveTheLettersOfTheirStates) {
  struct Case {
    std::uint64_t state;
    std::uint32_t exit_state;
    char letter;
  };
  constexpr Case cases[] = {{0, 0, 'R'},      {0x1, 0, 'S'},    {0x2, 0, 'D'},        {0x402, 0, 'I'},
                            {0x102, 0, 'D'},  {0x4, 0, 'T'},    {0x8, 0, 't'},        {0x40, 0, 'P'},
                            {0x80, 0, 'X'},   {0x1000, 0, 'D'}, {0x80, 0x10, 'X'},    {0x80, 0x20, 'Z'},
                            {0x2001, 0, 'S'}, {0, 0x30, 'Z'},   {0x8000'0000, 0, 'R'}};
  std::int32_t pid = 10;
  for (const Case& one : cases) {
    world_.add_task({.pid = pid, .state = one.state, .exit_state = one.exit_state});
    ++pid;
  }
  pid = 10;
  for (const Case& one : cases) EXPECT_EQ(read_one(pid++).state, one.letter) << std::hex << one.state;
}

TEST_P(Tasks, RunWhereACpuSaysSoOrTheySaySoThemselves) {
  const std::uint64_t current = world_.add_task({.pid = 10});
  const std::uint64_t switching = world_.add_task({.pid = 11});
  world_.add_task({.pid = 12});
  world_.run(1, current, {});
  world_.write_member(current, layout_.on_cpu, 0);
  world_.write_member(switching, layout_.on_cpu, 1);
  EXPECT_TRUE(read_one(10).is_running);
  EXPECT_EQ(read_one(10).cpu, 1U);
  EXPECT_TRUE(read_one(11).is_running);
  EXPECT_FALSE(read_one(12).is_running);
}

TEST_P(Tasks, KeepANameWithoutAnEnd) {
  const std::uint64_t task = world_.add_task({.pid = 10});
  world_.write_text(task + layout_.name, "sixteen letters!");
  EXPECT_EQ(read_one(10).name, "sixteen letters!");
}

TEST_P(Tasks, EndWhereThePointerToTheNextCannotBeRead) {
  world_.add_task({.pid = 10});
  const std::uint64_t second = world_.add_task({.pid = 11});
  world_.add_task({.pid = 12});
  world_.write_word(second + layout_.tasks, 0xdead'beef'0000);
  const TaskList list = read();
  EXPECT_EQ(pids_of(list), (std::vector<std::int64_t>{0, 0, 10, 11}));
  EXPECT_TRUE(is_said(list.warnings, "the list of tasks ends at a pointer that cannot be read"));
}

TEST_P(Tasks, EndWhereTheListLeadsBackToItsMiddle) {
  const std::uint64_t first = world_.add_task({.pid = 10});
  world_.add_task({.pid = 11});
  const std::uint64_t last = world_.add_task({.pid = 12});
  world_.write_word(last + layout_.tasks, first + layout_.tasks);
  const TaskList list = read();
  EXPECT_EQ(pids_of(list), (std::vector<std::int64_t>{0, 0, 10, 11, 12}));
  EXPECT_TRUE(is_said(list.warnings, "the list of tasks does not end"));
}

// Each list by itself ends after as many nodes as there can be tasks; one inside of the other would not.
TEST_P(Tasks, EndWhereBothListsAreCirclesWithoutAHead) {
  const std::uint64_t first = world_.add_task({.pid = 10});
  const std::uint64_t thread = world_.add_task({.pid = 11, .leader = first});
  const std::uint64_t last = world_.add_task({.pid = 12});
  world_.write_word(last + layout_.tasks, first + layout_.tasks);
  world_.write_word(thread + layout_.thread_node, thread + layout_.thread_node);
  const TaskList list = read();
  EXPECT_EQ(pids_of(list), (std::vector<std::int64_t>{0, 0, 10, 11, 12}));
  EXPECT_TRUE(is_said(list.warnings, "the list of tasks does not end"));
  EXPECT_TRUE(is_said(list.warnings, "the threads of the task at"));
  EXPECT_LE(list.warnings.size(), 2U);
}

TEST_P(Tasks, AreLeftOutWhereTheyCannotBeRead) {
  const std::uint64_t first = world_.add_task({.pid = 10});
  world_.write_word(world_.word(first + layout_.signal) + layout_.thread_head, 0xffff'0000'0000'1000);
  world_.add_task({.pid = 11});
  const TaskList list = read();
  EXPECT_EQ(pids_of(list), (std::vector<std::int64_t>{0, 0, 10, 11}));
  EXPECT_TRUE(is_said(list.warnings, "the threads of the task at"));
  EXPECT_TRUE(is_said(list.warnings, " cannot be read"));
}

TEST_P(Tasks, AreNoneWithoutTheFirst) {
  VirtualMemory memory(world_.memory(), world_.tables());
  KernelSymbols none;
  none.finish();
  const TaskList list = read_tasks(memory, none, layout_, {});
  EXPECT_TRUE(list.tasks.empty());
  EXPECT_TRUE(is_said(list.warnings, "init_task is missing"));
}

}  // namespace
}  // namespace surefoot::tools
