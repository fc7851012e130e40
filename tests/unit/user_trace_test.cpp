// SPDX-License-Identifier: MIT
//
// Traces of user programs. X16: whatever is on the stack, the walk ends, reads nothing but words of the stack, and
// shows no address that a user program cannot have.
#include "surefoot/user_trace.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "support/random_source.hpp"
#include "surefoot/print.hpp"

namespace surefoot {
namespace {

constexpr std::uint64_t stack_at = 0x7fff'0000;
constexpr std::uint64_t code_at = 0x40'0000;

// A user's stack of 64 words, and what was read of it.
struct Program {
  std::array<std::uint64_t, 64> words{};
  std::vector<std::uint64_t> reads;
  std::uint64_t unreadable_at = 0;

  static bool read(void* object, std::uint64_t address, std::uint64_t* word) noexcept {
    auto& program = *static_cast<Program*>(object);
    program.reads.push_back(address);
    if (address == program.unreadable_at || address < stack_at || address % 8 != 0) return false;
    const std::uint64_t index = (address - stack_at) / 8;
    if (index >= program.words.size()) return false;
    *word = program.words[index];
    return true;
  }
  UserSpace space() {
    return {.memory = {read, this},
            .addresses = {0x1000, std::uint64_t{1} << 48},
            .pac = PointerAuthMask::for_address_bits(48),
            .tags = AddressTagMask::for_top_byte()};
  }
  static AddressRange stack() { return {stack_at, stack_at + 64 * 8}; }
  static constexpr std::uint64_t at(std::size_t word) { return stack_at + word * 8; }
  void record(std::size_t word, std::uint64_t fp, std::uint64_t lr) {
    words[word] = fp;
    words[word + 1] = lr;
  }
};

class UserTraceTest : public ::testing::Test {
 protected:
  // main called outer, which called inner; the C library's start has no record.
  UserTraceTest() {
    program.record(4, Program::at(10), code_at + 0x104);
    program.record(10, Program::at(20), code_at + 0x204);
    program.record(20, 0, code_at + 0x304);
  }
  UserTrace walk() { return walk_user(program.space(), thread, pcs); }
  void expect_stop(UserStop stop, std::uint64_t at, std::size_t count) {
    const UserTrace trace = walk();
    EXPECT_STREQ(to_string(trace.stop), to_string(stop));
    EXPECT_EQ(trace.stop_at, at);
    EXPECT_EQ(trace.pcs.size(), count);
  }

  Program program;
  UserThread thread{.pc = code_at, .fp = Program::at(4), .sp = Program::at(2), .stack = Program::stack()};
  std::array<std::uint64_t, 8> pcs{};
};

TEST_F(UserTraceTest, X16_FindsThePcAndEveryReturnAddressUpToTheEndOfTheChain) {
  const UserTrace trace = walk();
  EXPECT_EQ(std::vector(trace.pcs.begin(), trace.pcs.end()),
            (std::vector<std::uint64_t>{code_at, code_at + 0x104, code_at + 0x204, code_at + 0x304}));
  EXPECT_EQ(trace.stop, UserStop::chain_end);
  EXPECT_EQ(trace.address(0).lookup(), code_at);
  EXPECT_EQ(trace.address(1).lookup(), code_at + 0x100);
}

TEST_F(UserTraceTest, EndsAtARecordWithoutAReturnAddress) {
  program.record(20, 0, 0);
  expect_stop(UserStop::chain_end, Program::at(20), 3);
  thread.fp = 0;
  expect_stop(UserStop::chain_end, 0, 1);
}

TEST_F(UserTraceTest, RemovesCodesOfReturnAddressesAndTagsOfFramePointers) {
  program.record(4, Program::at(10) | 0x5a00'0000'0000'0000, (code_at + 0x104) | 0x007b'0000'0000'0000);
  thread.fp |= 0x1100'0000'0000'0000;
  thread.sp |= 0x2200'0000'0000'0000;
  expect_stop(UserStop::chain_end, 0, 4);
  EXPECT_EQ(pcs[1], code_at + 0x104);
}

TEST_F(UserTraceTest, StopsAtARecordThatMayNotBeThere) {
  program.words[10] = Program::at(20) + 4;
  expect_stop(UserStop::misaligned_record, Program::at(20) + 4, 3);
  program.words[10] = Program::at(63);  // its second word is outside
  expect_stop(UserStop::off_stack, Program::at(63), 3);
  program.words[10] = UINT64_MAX - 7;
  expect_stop(UserStop::off_stack, UINT64_MAX - 7, 3);
  for (const std::size_t below : {4U, 10U, 11U}) {
    program.words[10] = Program::at(below);
    expect_stop(UserStop::not_above_previous, Program::at(below), 3);
  }
  thread.fp = Program::at(1);  // below sp
  expect_stop(UserStop::not_above_previous, Program::at(1), 1);
}

TEST_F(UserTraceTest, StopsAtMemoryThatCannotBeRead) {
  for (const std::uint64_t at : {Program::at(10), Program::at(11)}) {
    program.unreadable_at = at;
    expect_stop(UserStop::unreadable, at, 2);
  }
  UserSpace space = program.space();
  space.memory = {};
  EXPECT_EQ(walk_user(space, thread, pcs).stop, UserStop::unreadable);
}

TEST_F(UserTraceTest, X16_ShowsNoAddressOfTheKernel) {
  program.words[11] = 0xffff'8000'0010'0000;
  expect_stop(UserStop::not_user_code, 0xffff'8000'0010'0000, 2);
  program.words[11] = 0x800;
  expect_stop(UserStop::not_user_code, 0x800, 2);
  thread.pc = 0xffff'8000'0010'0000;
  expect_stop(UserStop::not_user_code, 0xffff'8000'0010'0000, 0);
  EXPECT_EQ(walk_user({}, thread, pcs).stop, UserStop::not_user_code);
}

TEST_F(UserTraceTest, SaysThatTheBufferWasFull) {
  const UserTrace two = walk_user(program.space(), thread, std::span(pcs).first(2));
  EXPECT_EQ(two.stop, UserStop::truncated);
  EXPECT_EQ(two.stop_at, Program::at(10 + 10));
  EXPECT_EQ(two.pcs.size(), 2U);
  EXPECT_EQ(walk_user(program.space(), thread, std::span(pcs).first(4)).stop, UserStop::chain_end);
  EXPECT_EQ(walk_user(program.space(), thread, {}).stop, UserStop::truncated);
}

TEST_F(UserTraceTest, X16_EndsAndReadsTheStackAloneWhateverIsThere) {
  std::size_t frame_count = 0;
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    testing::RandomSource random(seed);
    for (std::uint64_t& word : program.words) {
      const bool is_record = random.is_chosen(70);
      word = is_record ? Program::at(random.below(70)) + (random.is_chosen(5) ? 4 : 0) : code_at + random.below(0x1000);
    }
    program.reads.clear();
    thread = {.pc = code_at,
              .fp = Program::at(random.below(64)),
              .sp = Program::at(random.below(32)),
              .stack = {stack_at + 8 * random.below(8), Program::at(40 + random.below(24))}};
    const UserTrace trace = walk();
    frame_count += trace.pcs.size();
    ASSERT_LE(program.reads.size(), 2 * pcs.size()) << "seed " << seed;
    for (const std::uint64_t at : program.reads) ASSERT_TRUE(thread.stack.contains(at, 8)) << "seed " << seed;
  }
  EXPECT_GT(frame_count, 20'000U);
}

TEST_F(UserTraceTest, IsPrintedApart) {
  std::string text;
  program.words[11] = 0;
  print_user_trace(walk(), {}, [&](std::span<const char> piece) noexcept { text.append(piece.data(), piece.size()); });
  EXPECT_EQ(text, R"(  user  #0  0x0000000000400000  -
  user  #1  0x0000000000400104  -
  user  stop  0x000000007fff0050  chain_end
)");
}

}  // namespace
}  // namespace surefoot
