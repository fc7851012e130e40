// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "linux/task_memory.hpp"

namespace surefoot::tools {
namespace {

class NoMemory : public PhysicalMemory {
 public:
  PageState read(std::uint64_t /*address*/, std::span<std::byte> /*into*/) override { return PageState::absent; }
  const std::vector<AddressRange>& ranges() const override { return none_; }

 private:
  std::vector<AddressRange> none_;
};

// As Linux has it up to 6.12.
constexpr ExceptionLayout layout{.size = 336,
                                 .pc = 256,
                                 .pstate = 264,
                                 .sp = ExceptionLayout::absent,
                                 .fp = 232,
                                 .lr = 240,
                                 .x9 = 72,
                                 .record = 304,
                                 .typing = RecordTyping::untyped};

constexpr std::uint64_t sp = 0xffff'8000'0800'3c00;

class TaskMemoryTest : public ::testing::Test {
 protected:
  std::optional<std::uint64_t> read(TaskMemory& memory, std::uint64_t address) {
    const ForeignMemory reader = memory.reader();
    std::uint64_t word = 0;
    return reader.read(reader.object, address, &word) ? std::optional(word) : std::nullopt;
  }

  NoMemory physical_;
  VirtualMemory virtual_{physical_, PageTables{}};
};

TEST_F(TaskMemoryTest, LaysRegistersOutRightBelowSp) {
  TaskMemory memory(virtual_, layout);
  CpuState state{.sp = sp, .pc = 0xffff'8000'0001'1110, .pstate = 5};
  state.x[9] = 9;
  state.x[29] = sp + 16;
  state.x[30] = 30;
  const std::uint64_t frame = memory.place(state);
  EXPECT_EQ(frame + layout.size, sp);
  EXPECT_EQ(read(memory, frame + layout.pc), state.pc);
  EXPECT_EQ(read(memory, frame + layout.pstate), 5);
  EXPECT_EQ(read(memory, frame + layout.x9), 9);
  EXPECT_EQ(read(memory, frame + layout.fp), sp + 16);
  EXPECT_EQ(read(memory, frame + layout.lr), 30);
}

TEST_F(TaskMemoryTest, CoversNothingOfTheStackThatIsInUse) {
  constexpr std::array there = {ChangedWord{.address = sp, .value = 7}};
  TaskMemory memory(virtual_, layout, there);
  memory.place({.sp = sp});
  EXPECT_EQ(read(memory, sp), 7);
  EXPECT_EQ(read(memory, sp - 8), 0);
  EXPECT_EQ(read(memory, sp - layout.size), 0);
  EXPECT_EQ(read(memory, sp - layout.size - 8), std::nullopt);
}

TEST_F(TaskMemoryTest, CoversNothingBeforeRegistersAreLaidOut) {
  TaskMemory memory(virtual_, layout);
  EXPECT_EQ(read(memory, 0), std::nullopt);
  EXPECT_EQ(read(memory, sp - layout.size), std::nullopt);
}

TEST_F(TaskMemoryTest, GivesChangedWordsInPlaceOfTheDumps) {
  constexpr std::array changed = {ChangedWord{.address = sp, .value = 1}, ChangedWord{.address = sp + 16, .value = 2}};
  TaskMemory memory(virtual_, layout, changed);
  EXPECT_EQ(read(memory, sp), 1);
  EXPECT_EQ(read(memory, sp + 8), std::nullopt);
  EXPECT_EQ(memory.word(sp + 16), 2);
}

TEST_F(TaskMemoryTest, KnowsACrossedExceptionByTheOrderOfItsReads) {
  TaskMemory memory(virtual_, layout);
  const std::uint64_t frame = memory.place({.sp = sp});
  for (const std::uint16_t offset : {layout.fp, layout.pc, layout.pstate}) (void)read(memory, frame + offset);
  EXPECT_TRUE(memory.crossed().empty());
  for (const std::uint16_t offset : {layout.pc, layout.fp, layout.pstate}) (void)read(memory, frame + offset);
  EXPECT_EQ(memory.crossed(), std::vector{frame});
}

}  // namespace
}  // namespace surefoot::tools
