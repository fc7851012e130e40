// SPDX-License-Identifier: MIT
//
// What encodings say by themselves, against the lists images/encodings_*.S, where each instruction has beside it what
// is true of it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "code/flow.hpp"
#include "code/memory.hpp"
#include "code/registers.hpp"
#include "images/encodings.inc"
#include "test_image.hpp"

namespace surefoot::tools {
namespace {

using FlowKind = Flow::Kind;
using Extent = MemoryWrite::Extent;

static_assert(FLOW_NEXT == static_cast<int>(FlowKind::next) && FLOW_JUMP == static_cast<int>(FlowKind::jump) &&
              FLOW_BRANCH == static_cast<int>(FlowKind::branch) && FLOW_CALL == static_cast<int>(FlowKind::call) &&
              FLOW_INDIRECT_CALL == static_cast<int>(FlowKind::indirect_call) &&
              FLOW_INDIRECT_JUMP == static_cast<int>(FlowKind::indirect_jump) &&
              FLOW_FUNCTION_RETURN == static_cast<int>(FlowKind::function_return) &&
              FLOW_EXCEPTION_RETURN == static_cast<int>(FlowKind::exception_return) &&
              FLOW_STOP == static_cast<int>(FlowKind::stop));
static_assert(EXTENT_NONE == static_cast<int>(Extent::none) && EXTENT_HERE == static_cast<int>(Extent::here) &&
              EXTENT_COUNTED == static_cast<int>(Extent::counted) && EXTENT_BLOCK == static_cast<int>(Extent::block) &&
              EXTENT_AT_UNKNOWN_DISTANCE == static_cast<int>(Extent::at_unknown_distance));

// An instruction, and the record that the list has for it.
template <typename Expected>
struct Entry {
  std::uint64_t pc = 0;
  std::uint32_t word = 0;
  Expected expected = {};
};

template <typename Expected>
std::vector<Entry<Expected>> read_list(const std::string& name) {
  const Image image = testing::open_image(name);
  const Section* records = image.find_section(".rodata");
  const Section* code = image.find_section(".text");
  std::vector<Entry<Expected>> entries;
  if (records == nullptr || code == nullptr || records->bytes.size() % sizeof(Expected) != 0) return entries;
  for (std::size_t i = 0; i < records->bytes.size() / sizeof(Expected); ++i) {
    Entry<Expected> entry{.pc = code->address + 4 * i};
    entry.word = image.instruction_at(entry.pc).value();
    std::memcpy(&entry.expected, records->bytes.data() + i * sizeof(Expected), sizeof(Expected));
    entries.push_back(entry);
  }
  return entries;
}

std::string to_text(RegisterSet registers) {
  std::string text;
  for (unsigned i = 0; i < 32; ++i) {
    if ((registers >> i & 1) != 0) text += i == 31 ? " sp" : fmt::format(" x{}", i);
  }
  return text;
}

TEST(Encoding, TellsWhichRegistersChange) {
  const auto entries = read_list<std::uint32_t>("encodings_written");
  ASSERT_GT(entries.size(), 250U);
  for (const auto& [pc, word, expected] : entries) {
    EXPECT_EQ(to_text(registers_written(word)), to_text(expected)) << fmt::format("{:08x} at {:#x}", word, pc);
  }
}

TEST(Encoding, TellsWhatIsWrittenInMemory) {
  struct Expected {
    std::uint32_t extent;
    std::uint32_t base;
    std::int32_t offset;
    std::uint32_t size;
  };
  const auto entries = read_list<Expected>("encodings_stored");
  ASSERT_GT(entries.size(), 40U);
  for (const auto& [pc, word, expected] : entries) {
    SCOPED_TRACE(fmt::format("{:08x} at {:#x}", word, pc));
    const MemoryWrite write = memory_written(word);
    EXPECT_EQ(static_cast<std::uint32_t>(write.extent), expected.extent);
    if (expected.extent != EXTENT_NONE) EXPECT_EQ(write.base, expected.base);
    EXPECT_EQ(expected.extent == EXTENT_COUNTED ? write.count : write.offset, expected.offset);
    EXPECT_EQ(write.size, expected.size);
  }
}

TEST(Encoding, TellsWhereControlGoes) {
  struct Expected {
    std::uint32_t kind;
    std::uint32_t target_register;
    std::uint64_t target;
  };
  const auto entries = read_list<Expected>("encodings_flow");
  ASSERT_GT(entries.size(), 50U);
  for (const auto& [pc, word, expected] : entries) {
    SCOPED_TRACE(fmt::format("{:08x} at {:#x}", word, pc));
    const Flow flow = flow_of(word, pc);
    const bool is_trap = expected.kind == FLOW_TRAP;
    const bool may_stop = is_trap || expected.kind == FLOW_MAY_STOP;
    EXPECT_EQ(static_cast<std::uint32_t>(flow.kind), may_stop ? FLOW_NEXT : expected.kind);
    EXPECT_EQ(flow.is_trap, is_trap);
    EXPECT_EQ(flow.may_stop, may_stop);
    EXPECT_EQ(flow.target_register, expected.target_register);
    EXPECT_EQ(flow.target, expected.target);
  }
}

TEST(Encoding, ReachesAsFarAsTheEncodingAllows) {
  constexpr std::uint64_t pc = 0x10'0000'0000;
  const struct {
    std::uint32_t word;
    std::int64_t distance;
  } cases[] = {
      {0x1400'0000 | 0x1ff'ffff, 0x7ff'fffc},   {0x1400'0000 | 0x200'0000, -0x800'0000},   // B
      {0x9400'0000 | 0x200'0000, -0x800'0000},                                             // BL
      {0x5400'0000 | 0x3ffff << 5, 0xf'fffc},   {0x5400'0000 | 0x40000 << 5, -0x10'0000},  // B.cond
      {0x3400'0000 | 0x40000 << 5, -0x10'0000},                                            // CBZ
      {0x3600'0000 | 0x1fff << 5, 0x7ffc},      {0x3600'0000 | 0x2000 << 5, -0x8000},      // TBZ
  };
  for (const auto& [word, distance] : cases) {
    EXPECT_EQ(flow_of(word, pc).target, pc + static_cast<std::uint64_t>(distance)) << fmt::format("{:08x}", word);
  }
}

// Data may be any word.
TEST(Encoding, JudgesEveryWord) {
  std::uint64_t calls = 0;
  for (std::uint64_t word = 0; word < 0x1'0000'0000; word += 0x1003) {
    const auto w = static_cast<std::uint32_t>(word);
    const Flow flow = flow_of(w, 0x1000);
    ASSERT_LT(flow.target_register, 32U);
    ASSERT_LT(memory_written(w).base, 32U);
    if (!flow.is_call()) continue;
    ++calls;
    ASSERT_NE(registers_written(w) & 0x4000'0000U, 0U) << fmt::format("{:08x}", w);
  }
  EXPECT_GT(calls, 0U);
}

TEST(Encoding, KnowsTheFilling) {
  EXPECT_TRUE(is_nop(0xd503'201f));
  EXPECT_FALSE(is_nop(0xd503'203f));  // YIELD
  EXPECT_FALSE(is_nop(0));
}

}  // namespace
}  // namespace surefoot::tools
