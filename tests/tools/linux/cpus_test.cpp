// SPDX-License-Identifier: MIT
//
// The CPUs of a dump: their stacks, and whose registers the notes hold.
#include "linux/cpus.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/dump_world.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::DumpWorld;
using surefoot::testing::KernelForm;

class Cpus : public ::testing::Test {
 protected:
  DumpWorld world_{KernelForm::typed};

  std::vector<LinuxCpu> read(const std::vector<CpuState>& states) {
    VirtualMemory memory(world_.memory(), world_.tables());
    return read_cpus(memory, world_.symbols(), world_.layouts(), DumpWorld::thread_size, states);
  }
  // On the stack of the task that the CPU runs.
  CpuState state_of(unsigned cpu, std::uint64_t pc) {
    return {.sp = world_.stack_of(world_.idle_task(cpu)) + 0x800, .pc = pc, .pstate = 5};
  }
};

TEST_F(Cpus, HaveTheirTasksAndStacks) {
  const auto cpus = read({});
  ASSERT_EQ(cpus.size(), 2U);
  for (unsigned number = 0; number < 2; ++number) {
    const LinuxCpu& cpu = cpus[number];
    EXPECT_EQ(cpu.number, number);
    EXPECT_EQ(cpu.idle, world_.idle_task(number));
    EXPECT_EQ(cpu.current, cpu.idle);
    EXPECT_FALSE(cpu.registers);
    ASSERT_EQ(cpu.stacks.size(), 2U);
    EXPECT_EQ(cpu.stacks[0].kind, StackKind::irq);
    EXPECT_EQ(cpu.stacks[0].range.start(), world_.word(world_.on_cpu(number, "irq_stack_ptr")));
    EXPECT_EQ(cpu.stacks[0].range.end() - cpu.stacks[0].range.start(), DumpWorld::thread_size);
    EXPECT_EQ(cpu.stacks[1].kind, StackKind::overflow);
    EXPECT_EQ(cpu.stacks[1].range.start(), world_.on_cpu(number, "overflow_stack"));
  }
}

TEST_F(Cpus, AreGivenTheRegistersThatAreOnTheirStacks) {
  const auto cpus = read({state_of(1, 0x111), state_of(0, 0x222)});
  ASSERT_TRUE(cpus[0].registers && cpus[1].registers);
  EXPECT_EQ(cpus[0].registers->pc, 0x222U);
  EXPECT_EQ(cpus[1].registers->pc, 0x111U);
}

TEST_F(Cpus, AreGivenTheRegistersThatAreOnTheirIrqStacks) {
  CpuState state{
      .sp = world_.word(world_.on_cpu(1, "irq_stack_ptr")) + DumpWorld::thread_size, .pc = 0x111, .pstate = 5};
  const auto cpus = read({state});
  EXPECT_FALSE(cpus[0].registers);
  ASSERT_TRUE(cpus[1].registers);
  EXPECT_EQ(cpus[1].registers->pc, 0x111U);
}

TEST_F(Cpus, AreGivenRegistersOfUserSpaceByNumber) {
  const auto cpus = read({state_of(0, 0x222), {.sp = state_of(0, 0).sp, .pc = 0x333, .pstate = 0}});
  ASSERT_TRUE(cpus[0].registers && cpus[1].registers);
  EXPECT_EQ(cpus[0].registers->pc, 0x222U);
  EXPECT_EQ(cpus[1].registers->pc, 0x333U);
}

TEST_F(Cpus, HaveOneStateEachHoweverManyThereAre) {
  const auto cpus = read({state_of(0, 1), state_of(0, 2), state_of(0, 3), {.sp = 0, .pc = 4, .pstate = 5}});
  ASSERT_EQ(cpus.size(), 2U);
  ASSERT_TRUE(cpus[0].registers && cpus[1].registers);
  EXPECT_EQ(cpus[0].registers->pc, 1U);
  EXPECT_EQ(cpus[1].registers->pc, 2U);  // by its number, as nothing else tells
}

TEST_F(Cpus, AreNotMoreThanThereCanBe) {
  world_.write_number(world_.at("nr_cpu_ids"), 0xffff'ffffU);
  // Behind the two the offsets are 0: the image's own variables, where there is no idle task.
  EXPECT_EQ(read({}).size(), 2U);
}

TEST_F(Cpus, HaveNoStackThatOverlapsOrWraps) {
  const std::uint64_t overflow = world_.on_cpu(0, "overflow_stack");
  world_.write_word(world_.on_cpu(0, "irq_stack_ptr"), overflow);
  world_.write_word(world_.on_cpu(1, "irq_stack_ptr"), ~std::uint64_t{0} - 15);
  const auto cpus = read({});
  ASSERT_EQ(cpus[0].stacks.size(), 1U);
  EXPECT_EQ(cpus[0].stacks[0].kind, StackKind::irq);
  ASSERT_EQ(cpus[1].stacks.size(), 1U);
  EXPECT_EQ(cpus[1].stacks[0].kind, StackKind::overflow);
}

TEST_F(Cpus, TellTheSizeOfAStackByTheFirstTasksOrByTheChangeToAnIrqStack) {
  VirtualMemory memory(world_.memory(), world_.tables());
  EXPECT_EQ(find_thread_size(world_.symbols(), memory, 4096), DumpWorld::thread_size);
  KernelSymbols symbols;
  symbols.add("call_on_irq_stack", world_.at("call_on_irq_stack"), 64, true);
  symbols.finish();
  EXPECT_EQ(find_thread_size(symbols, memory, 4096), 8192U);
  KernelSymbols nonsense;
  nonsense.add("__start_init_task", 0x1000, 0, false);
  nonsense.add("__end_init_task", 0x7000, 0, false);
  nonsense.finish();
  EXPECT_EQ(find_thread_size(nonsense, memory, 4096), 16384U);
  EXPECT_EQ(find_thread_size(nonsense, memory, 65536), 65536U);
}

}  // namespace
}  // namespace surefoot::tools
