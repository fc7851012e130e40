// SPDX-License-Identifier: MIT
//
// Walks in the program's own memory against walks of the same stacks as foreign memory: two instantiations of the loop
// over plain records, which must not differ. The random stacks are copied to the addresses at which they pretend to be.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <iostream>
#include <new>
#include <vector>

#include "support/chaos.hpp"
#include "support/code_map.hpp"
#include "support/in_place.hpp"
#include "support/range_table.hpp"
#include "support/rounds.hpp"
#include "support/true_chain.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t first_seed = 1;
constexpr std::uint64_t world_count = rounds(10'000U);

class WalkMemory : public ::testing::Test {
 protected:
  // The same walk twice. True if both agree.
  [[nodiscard]] bool agrees(const Start& start, const Context& context, const FlatMemory& memory,
                            std::size_t buffer_size) {
    if (!put_in_place(memory.declared(), memory)) return true;  // at address 0, where no program has memory
    std::vector<Frame> buffer(buffer_size);
    ReadCount count;
    const Trace foreign = walk(start, context, buffer, CountingReader(memory, count));
    const std::string wanted =
        text({.frames = {foreign.frames.begin(), foreign.frames.end()}, .verdict = foreign.verdict});
    const Trace own = walk(start, context, buffer);
    const std::string got = text({.frames = {own.frames.begin(), own.frames.end()}, .verdict = own.verdict});
    EXPECT_EQ(wanted, got);
    frame_count += own.frames.size();
    return wanted == got;
  }

  std::size_t frame_count = 0;
};

TEST_F(WalkMemory, AgreesWithForeignMemoryInTrueChains) {
  for (std::uint64_t seed = first_seed; seed < first_seed + world_count; ++seed) {
    RandomSource random(seed);
    TrueChain chain(random);
    if (random.is_chosen(50)) chain.damage();
    ASSERT_TRUE(agrees(Start::at_call(chain.start), chain.context, chain.memory, chain.buffer_size)) << "seed " << seed;
  }
  EXPECT_GT(frame_count, world_count * 5);
  std::cout << frame_count << " frames\n";
}

TEST_F(WalkMemory, AgreesWithForeignMemoryInChaos) {
  for (std::uint64_t seed = first_seed; seed < first_seed + world_count; ++seed) {
    RandomSource random(seed);
    const Chaos chaos(random);
    const ExceptionFrame frame = chaos.start.exception_frame();
    const Start start = chaos.start.is_exception ? Start::exception(frame) : Start::at_call(chaos.start.registers);
    const std::size_t buffer_size = random.is_chosen(80) ? 64 : random.below(6);
    ASSERT_TRUE(agrees(start, chaos.context, chaos.memory, buffer_size)) << "seed " << seed;
  }
  EXPECT_GT(frame_count, world_count);
  std::cout << frame_count << " frames\n";
}

// A return stack of one entry, in front of which no memory is.
TEST_F(WalkMemory, G1_ReadsNothingBelowTheOldestEntry) {
  constexpr std::size_t page = 0x1'0000;
  void* const pages = mmap(nullptr, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  std::byte* const second = static_cast<std::byte*>(pages) + page;
  ASSERT_EQ(mprotect(second, page, PROT_READ | PROT_WRITE), 0);
  ReturnStack returns({new (second) ReturnEntry[1], 1});
  const RangeTable table = RangeTable(code::text_end).add(code::return_to_handler, SpecialKind::return_to_handler);

  std::array<std::uint64_t, 7> words{};
  const std::uint64_t base = reinterpret_cast<std::uintptr_t>(words.data());
  words = {base + 16, code::ret(2), base + 32, code::handler, 0, 0, SUREFOOT_METADATA_FINAL};
  const Stack stacks[] = {{.range = AddressRange(base, base + sizeof words)}};
  const AddressRange text[] = {AddressRange(code::text_start, code::text_end)};
  Context context;
  context.stacks = stacks;
  context.text = text;
  context.special_ranges = table.make().value();
  context.return_stack = &returns;
  context.final_record_at = base + 32;
  ASSERT_TRUE(returns.push({.return_address = code::ret(1), .function = 1, .key = base + 32, .hook = code::handler}));
  std::array<Frame, 4> buffer;
  const Trace trace = walk(Start::at_call({.fp = base, .sp = base, .pc = code::ret(0)}), context, buffer);
  EXPECT_TRUE(trace.verdict.is_reliable());
  EXPECT_EQ(trace.frames.back().pc, code::ret(1));
  munmap(pages, 2 * page);
}

// A stack that is smaller than a record, at the lowest addresses: its last record would begin above all addresses.
TEST_F(WalkMemory, T8_ReadsNothingOfAStackThatHasNoRoomForARecord) {
  constexpr std::uint64_t pc = 0x4000'0024;
  const AddressRange text[] = {AddressRange(0x4000'0000, 0x4000'1000)};
  Context context;
  context.text = text;
  context.special_ranges = SpecialRanges::none();
  // SAFETY: the memory is there. What is read of it would be taken for records.
  constexpr std::uint64_t memory_at = 0x7000'0000;
  ASSERT_TRUE(map_in_place(AddressRange(memory_at, memory_at + 0x1000)));
  auto* const words = reinterpret_cast<std::uint64_t*>(memory_at);
  words[0] = memory_at + 16;
  words[1] = pc;
  for (const std::uint64_t end : {std::uint64_t{8}, std::uint64_t{15}, memory_at + 8}) {
    SCOPED_TRACE(::testing::Message() << "a stack to 0x" << std::hex << end);
    const Stack stacks[] = {{.range = AddressRange(end & ~std::uint64_t{8} & ~std::uint64_t{7}, end)}};
    context.stacks = stacks;
    std::array<Frame, 4> buffer;
    const Registers registers{.fp = memory_at, .sp = stacks[0].range.start(), .pc = pc};
    const Trace trace = walk(Start::at_call(registers), context, buffer);
    EXPECT_EQ(trace.verdict.stop, StopReason::off_stack);
    EXPECT_EQ(trace.frames.size(), 1U);
  }
}

}  // namespace
}  // namespace surefoot::testing
