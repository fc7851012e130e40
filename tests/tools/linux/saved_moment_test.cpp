// SPDX-License-Identifier: MIT
//
// Which calls were made after a CPU's registers had been saved.
#include "linux/saved_moment.hpp"

#include <gtest/gtest.h>

#include <array>

#include "linux/return_stacks.hpp"
#include "linux/walked_world.hpp"
#include "support/dump_world.hpp"
#include "support/task_stack.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::DumpWorld;
using surefoot::testing::Hooked;
using surefoot::testing::KernelForm;
using surefoot::testing::TaskStack;
using surefoot::testing::text_of;
using surefoot::testing::walk_in;

constexpr AddressRange task_stack(0x10'0000, 0x10'4000);
constexpr AddressRange irq_stack(0x20'0000, 0x20'4000);
constexpr AddressRange sdei_stack(0x30'0000, 0x30'4000);
constexpr std::uint64_t sp = 0x10'3000;
constexpr std::uint64_t fp = 0x10'3010;

LinuxCpu cpu_with(std::uint64_t with_sp) {
  LinuxCpu cpu;
  cpu.stacks = {{.range = irq_stack, .kind = StackKind::irq}, {.range = sdei_stack, .kind = StackKind::exception}};
  cpu.registers = CpuState{.sp = with_sp};
  cpu.registers->x[29] = with_sp + 0x10;
  return cpu;
}

TEST(SavedMoment, WithoutOneNoCallCameAfterwards) {
  const SavedMoment never = saved_moment_of({}, task_stack, Kernel());
  for (const std::uint64_t record : {std::uint64_t{0}, sp, ~std::uint64_t{0}}) {
    EXPECT_FALSE(never.is_before_call_by(record));
  }
}

TEST(SavedMoment, OnATasksStackWhatIsBelowAndWhatIsOnTheCpusStacksCameAfterwards) {
  const SavedMoment moment = saved_moment_of(cpu_with(sp), task_stack, Kernel());
  for (const std::uint64_t record : {sp - 8, task_stack.start(), irq_stack.start(), sdei_stack.end() - 16}) {
    EXPECT_TRUE(moment.is_before_call_by(record)) << record;
  }
  for (const std::uint64_t record : {sp, fp, fp + 0x20, task_stack.end(), std::uint64_t{0}}) {
    EXPECT_FALSE(moment.is_before_call_by(record)) << record;
  }
}

TEST(SavedMoment, OnTheIrqStackNothingOnTheTasksStackCameAfterwards) {
  const std::uint64_t inner = irq_stack.start() + 0x1000;
  const SavedMoment moment = saved_moment_of(cpu_with(inner), task_stack, Kernel());
  EXPECT_TRUE(moment.is_before_call_by(inner - 8));
  for (const std::uint64_t record : {inner, task_stack.start(), task_stack.end() - 16, sdei_stack.start()}) {
    EXPECT_FALSE(moment.is_before_call_by(record)) << record;
  }
}

TEST(SavedMoment, OnAnUnknownStackNobodyKnows) {
  const SavedMoment moment = saved_moment_of(cpu_with(0x40'0000), task_stack, Kernel());
  for (const std::uint64_t record : {task_stack.start(), irq_stack.start(), std::uint64_t{0x3f'ffff}}) {
    EXPECT_FALSE(moment.is_before_call_by(record)) << record;
  }
}

TEST(SavedMoment, AFunctionWithARecordOfItsOwnWasNotCalling) {
  EXPECT_TRUE((SavedMoment{.fp = fp, .sp = sp, .has_record = true, .stack = task_stack}.is_before_call_by(fp)));
  EXPECT_FALSE((SavedMoment{.fp = fp, .sp = sp, .has_record = false, .stack = task_stack}.is_before_call_by(fp)));
}

// A kernel that has saved its registers, and whose tracer goes on.
class AfterTheRegisters : public ::testing::TestWithParam<KernelForm> {
 protected:
  static constexpr std::int64_t pid = 10;
  DumpWorld world_{GetParam()};
  std::uint64_t task_ = world_.add_task({.pid = pid});
  TaskStack stack_{world_, task_};

  void SetUp() override {
    stack_.outermost("el0t_64_sync", "el0t_64_sync_handler")
        .call_hooked(Hooked::by_both, "el0t_64_sync_handler", "do_el0_svc")
        .call("do_el0_svc")
        .call_hooked(Hooked::by_both, "sys_read", "vfs_read");
  }
  // The task runs with registers as `registers` are, while its return stacks are those of `later`.
  TaskTrace walk(const CpuState& registers, TaskStack& later) {
    static_cast<void>(later.registers_at(0));  // writes them
    world_.run(1, task_, registers);
    return walk_in(world_, pid, Policy::exact);
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, AfterTheRegisters, ::testing::Values(KernelForm::plain, KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

// G14.
TEST_P(AfterTheRegisters, CallsOfTheFunctionThatSavedThemAreLeftOut) {
  stack_.enter();
  const CpuState registers = stack_.registers_at(world_.call_in("vfs_read", "wait_for_data"));
  TaskStack later = stack_;
  later.call_hooked(Hooked::by_both, "wait_for_data", "schedule")
      .call_hooked(Hooked::by_both, "schedule", "__schedule");
  const TaskTrace trace = walk(registers, later);
  EXPECT_TRUE(trace.verdict.is_reliable()) << text_of(trace);
  EXPECT_EQ(surefoot::testing::pcs_of(trace), stack_.expected()) << text_of(trace);
}

// G14, as where another CPU's panic stops this one by an interrupt.
TEST_P(AfterTheRegisters, CallsOfAnInterruptsHandlerAreLeftOut) {
  stack_.enter();
  const std::uint64_t pc = world_.call_in("vfs_read", "wait_for_data") - 4;
  const CpuState registers = stack_.registers_at(pc);
  TaskStack later = stack_;
  later.interrupt(pc, "el1h_64_irq")
      .call_hooked(Hooked::by_graph, "el1h_64_irq_handler", "call_on_irq_stack")
      .change_to_irq_stack(1)
      .call_hooked(Hooked::by_both, "handle_irq", "crash");
  const TaskTrace trace = walk(registers, later);
  EXPECT_TRUE(trace.verdict.is_reliable()) << text_of(trace);
  EXPECT_EQ(surefoot::testing::pcs_of(trace), stack_.expected()) << text_of(trace);
}

// G14. fp is a caller's record: whether the function runs that the entry is of, or is called later, cannot be told.
TEST_P(AfterTheRegisters, CallsByTheRecordOfAnotherAreKept) {
  const CpuState registers = stack_.registers_in_leaf(world_.at("vfs_read"));
  TaskStack later = stack_;
  later.call_hooked(Hooked::by_both, "vfs_read", "wait_for_data");
  const TaskTrace trace = walk(registers, later);
  EXPECT_FALSE(trace.verdict.is_reliable()) << text_of(trace);
  EXPECT_TRUE(trace.verdict.evidence.has(EvidenceBit::return_entry_skipped)) << text_of(trace);
}

}  // namespace
}  // namespace surefoot::tools
