// SPDX-License-Identifier: MIT
//
// Whole dumps: the miniature kernel's tasks, asleep and running, in both forms of the kernel, as `surefoot vmcore`
// reads them. A kernel of Linux is not needed.
#include <gtest/gtest.h>

#include <algorithm>

#include "linux/dumped_linux.hpp"
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

// T1.
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

// X1, in the middle of a stack.
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

TEST_P(WholeDump, ReportsTheRegistersThatAnExceptionSaved) {
  TaskStack stack = in_read(add_task());
  stack.call("vfs_read", "copy_words");
  const std::uint64_t sp = stack.sp();
  const std::uint64_t fp = stack.fp();
  stack.interrupt_leaf(world_.at("copy_words_fault"));
  const std::uint64_t frame = stack.sp();
  stack.call("el1h_64_sync_handler", "do_page_fault").call("do_page_fault", "schedule").block();
  const tools::TaskTrace trace = walk_in(world_, pid, Policy::exact);
  ASSERT_EQ(trace.exceptions.size(), 1U) << text_of(trace);
  const tools::SavedRegisters& saved = trace.exceptions.front();
  EXPECT_EQ(trace.frames.at(saved.frame).frame.pc, world_.at("copy_words_fault"));
  EXPECT_EQ(saved.at, frame);
  EXPECT_EQ(saved.pc, world_.at("copy_words_fault"));
  EXPECT_EQ(saved.fp, fp);
  EXPECT_EQ(saved.sp, sp);
  EXPECT_EQ(saved.lr, world_.call_in("vfs_read", "copy_words"));
  EXPECT_EQ(saved.pstate, 5U);
}

// X4.
TEST_P(WholeDump, FindsEveryCallerThroughTwoExceptions) {
  TaskStack stack = in_read(add_task());
  stack.call("vfs_read", "copy_words")
      .interrupt_leaf(world_.at("copy_words_fault"))
      .call("el1h_64_sync_handler", "do_page_fault");
  const std::uint64_t second = world_.call_in("do_page_fault", "schedule") - 4;
  stack.enter().interrupt(second).call("el1h_64_sync_handler", "do_page_fault").call("do_page_fault", "schedule");
  stack.block();
  const tools::TaskTrace trace = walk_in(world_, pid, Policy::exact);
  expect_reliable(trace, stack);
  ASSERT_EQ(trace.exceptions.size(), 2U);
  EXPECT_EQ(trace.exceptions[0].pc, second);
  EXPECT_EQ(trace.exceptions[1].pc, world_.at("copy_words_fault"));
}

// G1, K1, K4: in strict as well.
TEST_P(WholeDump, RestoresReturnAddressesThatTracersHaveRewritten) {
  constexpr struct {
    const char* name;
    Hooked by;
  } cases[] = {{"graph", Hooked::by_graph}, {"probe", Hooked::by_probe}, {"both", Hooked::by_both}};
  for (const auto& [name, by] : cases) {
    SCOPED_TRACE(name);
    DumpWorld world(GetParam());
    TaskStack stack(world, world.add_task({.pid = pid}));
    stack.outermost("el0t_64_sync", "el0t_64_sync_handler")
        .call_hooked(by, "el0t_64_sync_handler", "do_el0_svc")
        .call_hooked(by, "do_el0_svc")
        .call("sys_read", "vfs_read")
        .call_hooked(by, "vfs_read", "wait_for_data")
        .call("wait_for_data", "schedule")
        .block();
    for (const Policy policy : {Policy::strict, Policy::exact}) expect_reliable(walk_in(world, pid, policy), stack);
  }
}

// K3.
TEST_P(WholeDump, RestoresReturnAddressesOfAFunctionThatIsHookedTwice) {
  TaskStack stack(world_, add_task());
  stack.outermost("el0t_64_sync", "el0t_64_sync_handler")
      .call("el0t_64_sync_handler", "do_el0_svc")
      .call("do_el0_svc")
      .call_hooked(Hooked::by_both, "sys_read", "vfs_read")
      .call_hooked(Hooked::by_graph, "vfs_read", "wait_for_data")
      .call_hooked(Hooked::by_probe, "wait_for_data", "schedule")
      .block();
  expect_reliable(walk_in(world_, pid, Policy::strict), stack);
}

// G3, K2.
TEST_P(WholeDump, DoubtsAHookOfWhichNobodyKnowsTheReturnAddress) {
  const std::uint64_t task = add_task();
  TaskStack stack(world_, task);
  stack.outermost("el0t_64_sync", "el0t_64_sync_handler")
      .call("el0t_64_sync_handler", "do_el0_svc")
      .call("do_el0_svc")
      .call("sys_read", "vfs_read")
      .call_hooked(Hooked::by_graph, "vfs_read", "wait_for_data")
      .call("wait_for_data", "schedule")
      .block();
  world_.write_word(task + world_.layouts().graph->entries, 0);
  const tools::TaskTrace trace = walk_in(world_, pid, Policy::exact);
  EXPECT_FALSE(trace.verdict.is_reliable());
  EXPECT_TRUE(trace.verdict.evidence.has(EvidenceBit::return_address_unresolved)) << text_of(trace);
  EXPECT_EQ(trace.verdict.stop, StopReason::final_record);
}

// T16, X1: the CPU's registers say that it runs on its IRQ stack.
TEST_P(WholeDump, WalksATaskThatRunsOnItsIrqStack) {
  const std::uint64_t task = add_task();
  TaskStack stack = in_read(task);
  stack.enter();
  stack.interrupt(world_.call_in("vfs_read", "copy_words") - 4, "el1h_64_irq")
      .call("el1h_64_irq_handler", "call_on_irq_stack")
      .change_to_irq_stack(1)
      .call("handle_irq", "crash")
      .enter();
  world_.run(1, task, stack.registers_at(world_.call_in("crash", "leaf") - 4));
  const tools::TaskTrace trace = walk_in(world_, pid, Policy::exact);
  expect_reliable(trace, stack);
  EXPECT_TRUE(trace.task.is_running);
  EXPECT_EQ(trace.task.cpu, 1U);
  EXPECT_FALSE(walk_in(world_, pid, Policy::strict).verdict.is_reliable());
}

// T14.
TEST_P(WholeDump, NeverTrustsARunningTaskWithoutRegisters) {
  const std::uint64_t task = add_task();
  TaskStack stack = in_read(task);
  stack.call("vfs_read", "wait_for_data").call("wait_for_data", "schedule").block();
  world_.run(0, task, {});
  world_.cpus.clear();
  const tools::TaskTrace trace = walk_in(world_, pid, Policy::exact);
  EXPECT_FALSE(trace.verdict.is_reliable());
  EXPECT_EQ(trace.verdict.stop, StopReason::task_running);
  EXPECT_TRUE(is_said(trace.notes, "it runs on CPU 0, of which the dump has no registers"));
}

// X3.
TEST_P(WholeDump, SaysThatATaskRunsInUserSpace) {
  const std::uint64_t task = add_task();
  const TaskStack stack(world_, task);
  const ExceptionLayout& layout = world_.layouts().exception;
  const std::uint64_t registers = stack.final_record() - layout.record;
  world_.write_word(registers + layout.pstate, 0);
  world_.write_word(registers + layout.pc, 0x40'0000);
  world_.run(1, task, {.sp = 0x7fff'0000, .pc = 0x40'0000, .pstate = 0});
  const tools::TaskTrace trace = walk_in(world_, pid, Policy::exact);
  EXPECT_TRUE(trace.frames.empty()) << text_of(trace);
  EXPECT_TRUE(trace.verdict.is_reliable()) << text_of(trace);
  EXPECT_TRUE(is_said(trace.notes, "it runs in user space"));
}

TEST_P(WholeDump, BeginsWhereATaskThatNeverRanWillBegin) {
  const std::uint64_t task = add_task();
  TaskStack stack(world_, task);
  stack.block_at(world_.at("ret_from_fork"));
  const tools::TaskTrace trace = walk_in(world_, pid, Policy::exact);
  EXPECT_EQ(functions_of(trace), std::vector<std::string>{"ret_from_fork"});
  EXPECT_TRUE(trace.verdict.is_reliable()) << text_of(trace);
}

TEST_P(WholeDump, FindsEveryCallerOfAKernelThread) {
  TaskStack stack(world_, world_.add_task({.pid = pid, .name = "kworker", .is_user = false}));
  stack.outermost("ret_from_fork").call("kthread", "schedule").block();
  for (const Policy policy : {Policy::strict, Policy::exact}) {
    const tools::TaskTrace trace = walk_in(world_, pid, policy);
    expect_reliable(trace, stack);
    EXPECT_FALSE(trace.task.is_user);
  }
}

// T13.
TEST_P(WholeDump, HasNoFramesOfAZombieWithoutAStack) {
  world_.add_task({.pid = pid, .name = "gone", .state = 0x80, .exit_state = 0x20, .has_stack = false});
  const tools::TaskTrace trace = walk_in(world_, pid, Policy::strict);
  EXPECT_EQ(trace.task.state, 'Z');
  EXPECT_TRUE(trace.frames.empty());
  EXPECT_EQ(trace.verdict.stop, StopReason::no_stack);
  EXPECT_TRUE(trace.verdict.is_reliable());
}

TEST_P(WholeDump, FindsEveryCallerOfAnIdleCpu) {
  const tools::DumpReport report = read_world(world_, Policy::exact);
  ASSERT_GE(report.tasks.size(), 2U);
  const tools::TaskTrace& second = report.tasks[1];
  EXPECT_TRUE(second.task.is_idle);
  EXPECT_TRUE(second.task.is_running);
  EXPECT_EQ(second.task.name, "swapper/1");
  EXPECT_TRUE(second.verdict.is_reliable()) << text_of(second);
  EXPECT_EQ(functions_of(second), (std::vector<std::string>{"wait_for_interrupt", "do_idle", "cpu_startup_entry",
                                                            "secondary_start_kernel", "__secondary_switched"}));
}

// Its code of the start has been given back, unless the system is still starting.
TEST_P(WholeDump, TrustsTheFirstCpusIdleTaskOnlyWhileTheSystemStarts) {
  for (const bool is_booting : {false, true}) {
    world_.write_number(world_.at("system_state"), std::uint32_t{is_booting ? 1U : 3U});
    const tools::DumpReport report = read_world(world_, Policy::exact);
    const tools::TaskTrace& first = report.tasks.front();
    EXPECT_EQ(first.task.name, "swapper/0");
    EXPECT_EQ(first.verdict.is_reliable(), is_booting) << text_of(first);
    EXPECT_EQ(first.verdict.evidence.has(EvidenceBit::not_text), !is_booting);
  }
}

TEST_P(WholeDump, TellsOfTheDumpAsAWhole) {
  const tools::DumpFacts facts = read_world(world_, Policy::strict).facts;
  EXPECT_EQ(facts.release, "6.0.0-miniature");
  EXPECT_EQ(facts.machine, "Linux version 6.0.0-miniature (nobody@nowhere)");
  EXPECT_EQ(facts.slide, DumpWorld::slide);
  EXPECT_EQ(facts.address_bits, 48U);
  EXPECT_EQ(facts.page_size, 4096U);
  EXPECT_EQ(facts.cpus, 2U);
  EXPECT_EQ(facts.build_id.size(), 40U);
  EXPECT_TRUE(facts.warnings.empty()) << facts.warnings.front();
}

TEST_P(WholeDump, FindsVmcoreinfoInMemoryIfNoNoteHasIt) {
  TaskStack stack = in_read(add_task());
  stack.call("vfs_read", "wait_for_data").call("wait_for_data", "schedule").block();
  const std::uint64_t page = world_.allocate_stack();
  world_.write_text(page, world_.vmcoreinfo);
  world_.vmcoreinfo.clear();
  expect_reliable(walk_in(world_, pid, Policy::strict), stack);
}

TEST_P(WholeDump, RefusesADumpWithoutVmcoreinfo) {
  world_.vmcoreinfo.clear();
  const auto report = try_world(world_, Policy::strict);
  ASSERT_FALSE(report);
  EXPECT_TRUE(report.error().contains("no VMCOREINFO")) << report.error();
}

TEST_P(WholeDump, RefusesAnotherKernelsFile) {
  DumpWorld other(GetParam() == KernelForm::plain ? KernelForm::typed : KernelForm::plain);
  const TestFile file(world_.core());
  tools::DumpRequest request = request_of(world_, file, Policy::strict);
  request.vmlinux = other.vmlinux();
  const auto report = tools::read_linux_dump(request, {});
  ASSERT_FALSE(report);
  EXPECT_TRUE(report.error().contains("of another kernel: its build id is")) << report.error();
}

TEST_P(WholeDump, WarnsIfWhoseDumpItIsCannotBeTold) {
  const std::size_t at = world_.vmcoreinfo.find("BUILD-ID=");
  world_.vmcoreinfo.erase(at, world_.vmcoreinfo.find('\n', at) + 1 - at);
  EXPECT_TRUE(is_said(read_world(world_, Policy::strict).facts.warnings, "no build id"));
}

TEST_P(WholeDump, WalksTheTasksOfOnePid) {
  add_task();
  world_.add_task({.pid = 78});
  const TestFile file(world_.core());
  tools::DumpRequest request = request_of(world_, file, Policy::strict);
  request.pid = 78;
  const auto report = tools::read_linux_dump(request, {});
  ASSERT_TRUE(report) << report.error();
  ASSERT_EQ(report->tasks.size(), 1U);
  EXPECT_EQ(report->tasks.front().task.pid, 78);
  request.pid = 4711;
  const auto none = tools::read_linux_dump(request, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(), "no task has the pid 4711");
}

// T15.
TEST_P(WholeDump, SaysWhichPartOfAStackIsMissing) {
  const std::uint64_t task = add_task();
  TaskStack stack = in_read(task);
  stack.enter(4096).call_from(world_.call_in("vfs_read", "wait_for_data"));
  stack.call("wait_for_data", "schedule").block();
  world_.forget(world_.stack_of(task) + 4096);
  const tools::DumpReport report = read_world(world_, Policy::exact);
  const tools::TaskTrace trace = trace_of(report, pid);
  EXPECT_FALSE(trace.verdict.is_reliable());
  EXPECT_EQ(trace.verdict.stop, StopReason::unreadable) << text_of(trace);
  EXPECT_FALSE(trace.frames.empty());
  EXPECT_TRUE(is_said(report.facts.warnings, "1 pages that were asked for are not in the dump"));
}

// Whatever a record says instead: either the frames are the true ones, or the trace is not trusted. A return address
// behind a call by a register is not tried: whom that has called nobody can tell (T19).
TEST_P(WholeDump, NeverTrustsOtherFramesBecauseOfOneWrongWord) {
  const std::uint64_t task = add_task();
  TaskStack stack(world_, task);
  stack.outermost("el0t_64_sync", "el0t_64_sync_handler")
      .call("el0t_64_sync_handler", "do_el0_svc")
      .call_hooked(Hooked::by_graph, "do_el0_svc")
      .call("sys_read", "vfs_read")
      .call("vfs_read", "copy_words")
      .interrupt_leaf(world_.at("copy_words_fault"))
      .call("el1h_64_sync_handler", "do_page_fault")
      .call("do_page_fault", "schedule")
      .block();
  const TestFile file(world_.core());
  const auto dump = tools::DumpedLinux::open(request_of(world_, file, Policy::exact), {});
  ASSERT_TRUE(dump) << dump.error();
  const auto info = std::ranges::find((*dump)->tasks(), task, &tools::TaskInfo::address);
  ASSERT_NE(info, (*dump)->tasks().end());
  ASSERT_TRUE((*dump)->walk(*info, Policy::exact).verdict.is_reliable());

  std::vector<std::uint64_t> values = {0, 1, ~std::uint64_t{0}, stack.final_record(), world_.at("return_to_handler")};
  for (const std::uint64_t record : stack.records()) values.push_back(record);
  for (const std::uint64_t pc : stack.expected()) {
    if (pc != world_.call_in("do_el0_svc")) values.push_back(pc);
  }
  std::size_t changed = 0;
  for (const std::uint64_t record : stack.records()) {
    for (const std::uint64_t place : {record, record + 8}) {
      for (const std::uint64_t value : values) {
        if (value == world_.word(place)) continue;
        const tools::ChangedWord word{.address = place, .value = value};
        for (const Policy policy : {Policy::strict, Policy::exact}) {
          const tools::TaskTrace trace = (*dump)->walk(*info, policy, {&word, 1});
          if (!trace.verdict.is_reliable()) continue;
          EXPECT_EQ(pcs_of(trace), stack.expected()) << std::hex << place << " := " << value << "\n" << text_of(trace);
        }
        ++changed;
      }
    }
  }
  EXPECT_GT(changed, 400U);
}

}  // namespace
}  // namespace surefoot::testing
