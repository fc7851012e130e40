// SPDX-License-Identifier: MIT
//
// What a walk reads of a dump, and which exception frames it is seen to cross.
#include "linux/task_memory.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/dump_world.hpp"

namespace surefoot::tools {
namespace {

using surefoot::testing::DumpWorld;
using surefoot::testing::KernelForm;

class MemoryOfATask : public ::testing::TestWithParam<KernelForm> {
 protected:
  DumpWorld world_{GetParam()};
  std::uint64_t at_ = world_.allocate(1024);
  const ExceptionLayout& layout_ = world_.layouts().exception;
  VirtualMemory memory_{world_.memory(), world_.tables()};

  static bool read(TaskMemory& memory, std::uint64_t address, std::uint64_t& word) {
    const ForeignMemory reader = memory.reader();
    return reader.read(reader.object, address, &word);
  }
  // The words of an exception frame, in the order of a walk that crosses it.
  void cross(TaskMemory& memory, std::uint64_t frame) const {
    std::uint64_t word = 0;
    for (const std::uint64_t offset : {layout_.pc, layout_.fp, layout_.pstate}) {
      static_cast<void>(read(memory, frame + offset, word));
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, MemoryOfATask, ::testing::Values(KernelForm::plain, KernelForm::typed),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(MemoryOfATask, IsThatOfTheDump) {
  world_.write_word(at_, 0x1234);
  TaskMemory memory(memory_, layout_);
  std::uint64_t word = 0;
  EXPECT_TRUE(read(memory, at_, word));
  EXPECT_EQ(word, 0x1234U);
  EXPECT_FALSE(read(memory, 0xffff'0000'0000'0000, word));
  EXPECT_EQ(memory.word(at_), 0x1234U);
  EXPECT_EQ(memory.word(0xffff'0000'0000'0000), 0U);
}

TEST_P(MemoryOfATask, HasTheRegistersOfACpuAsAnExceptionFrameOfTheKernelsForm) {
  CpuState state{.sp = at_ + 512, .pc = 0x52, .pstate = 0x53};
  state.x[9] = 0x59;
  TaskMemory memory(memory_, layout_);
  const std::uint64_t frame = memory.place(state);
  EXPECT_EQ(frame + layout_.size, state.sp);
  EXPECT_EQ(memory.word(frame + layout_.pc), 0x52U);
  EXPECT_EQ(memory.word(frame + layout_.x9), 0x59U);
  EXPECT_EQ(memory.word(frame + layout_.record + 16), world_.is_typed() ? layout_.exception_type : 0);
}

TEST_P(MemoryOfATask, SeesTheExceptionFramesThatAreCrossedInTheirOrder) {
  TaskMemory memory(memory_, layout_);
  std::uint64_t word = 0;
  static_cast<void>(read(memory, at_, word));
  cross(memory, at_ + 512);
  static_cast<void>(read(memory, at_ + 8, word));
  cross(memory, at_);
  EXPECT_EQ(memory.crossed(), (std::vector<std::uint64_t>{at_ + 512, at_}));
}

TEST_P(MemoryOfATask, SeesNoExceptionFrameInOtherOrders) {
  TaskMemory memory(memory_, layout_);
  std::uint64_t word = 0;
  for (const std::uint64_t offset : {layout_.fp, layout_.pc, layout_.pstate}) {
    static_cast<void>(read(memory, at_ + offset, word));
  }
  for (const std::uint64_t offset : {layout_.fp, layout_.pstate}) {
    static_cast<void>(read(memory, at_ + offset, word));
  }
  EXPECT_TRUE(memory.crossed().empty());
}

TEST_P(MemoryOfATask, HasChangedWordsInThePlaceOfTheDumps) {
  const ChangedWord changed[] = {{.address = at_ + 8, .value = 0x77}};
  world_.write_word(at_ + 16, 0x88);
  TaskMemory memory(memory_, layout_, changed);
  EXPECT_EQ(memory.word(at_ + 8), 0x77U);
  EXPECT_EQ(memory.word(at_ + 16), 0x88U);
}

}  // namespace
}  // namespace surefoot::tools
