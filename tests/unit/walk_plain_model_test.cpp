// SPDX-License-Identifier: MIT
//
// The walk against the slow oracle, in chains of mostly plain records through code that is laid out at random: text,
// special code and hooks of a few instructions each, that touch, overlap or are apart, at both ends of the address
// space and where its halves meet. The model test has a program of one layout, and worse stacks.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <vector>

#include "support/in_place.hpp"
#include "support/oracle.hpp"
#include "support/random_source.hpp"
#include "support/range_table.hpp"
#include "support/rounds.hpp"

namespace surefoot::testing {
namespace {

constexpr std::uint64_t first_seed = 1;
constexpr std::uint64_t world_count = rounds(40'000U);

constexpr std::uint64_t half = std::uint64_t{1} << 55;
constexpr std::uint64_t code_size = 0x100;

// Not copied: its context refers to it.
class PlainWorld {
 public:
  explicit PlainWorld(RandomSource& random)
      : random_(random),
        is_calm_(random.is_chosen(50)),
        code_at_(random.one_of({4, 0x4000'0000, half - 0x80, half, 0xffff'8000'0000'0000, 0 - code_size})),
        // Now and then within reach of both ends of the address space.
        table_(random.is_chosen(50) ? code_at_ + 0x1000 : code_at_ - 0x1000) {
    lay_out_code();
    context.pac = PointerAuthMask(random.one_of({0, 0, ~std::uint64_t{0} << 48, ~std::uint64_t{0} << 60, 0x40}));
    draw_stacks();
    context.text = text_;
    context.stacks = stacks_;
    context.special_ranges = table_.make().value_or(SpecialRanges::none());  // it may be empty
    context.return_stack = &return_stack_;
    if (random.is_chosen(50)) context.policy = Policy::exact;
    start.registers = {.fp = first_record_, .sp = memory.stacks.front().base, .pc = random_code_address()};
  }
  PlainWorld(const PlainWorld&) = delete;
  PlainWorld& operator=(const PlainWorld&) = delete;

  FlatMemory memory;
  OracleStart start;
  Context context;

 private:
  bool is_nasty(unsigned percent) { return !is_calm_ && random_.is_chosen(percent); }
  std::uint64_t random_code_address() { return code_at_ + 4 * random_.below(code_size / 4); }

  void lay_out_code() {
    for (std::size_t i = 0, count = 1 + random_.below(3); i < count; ++i) {
      std::uint64_t from = is_calm_ || random_.is_chosen(50) ? code_at_ : random_code_address();
      std::uint64_t to = is_calm_ || random_.is_chosen(50) ? code_at_ + code_size - 4 : random_code_address();
      if (random_.is_chosen(10)) from += random_.below(4);
      if (random_.is_chosen(10)) to += random_.below(4);
      text_.emplace_back(from, to);
    }
    constexpr SpecialKind kinds[] = {SpecialKind::return_to_handler, SpecialKind::return_hook, SpecialKind::other};
    const std::size_t count = random_.below(5);
    std::size_t offset = random_.below(code_size / 2);
    std::size_t laid = 0;
    for (std::size_t i = 0; i < count && offset + 0x10 < code_size; ++i) {
      const std::uint64_t from = code_at_ + offset / 4 * 4;
      const std::uint64_t size = 4 + 4 * random_.below(3);
      Rule rule;
      if (is_calm_ || random_.is_chosen(70))
        rule = {.pc = From::frame_record, .in_flight = static_cast<std::uint8_t>(i % 3)};
      offset += size + (random_.is_chosen(40) ? 0 : random_.below(code_size / 4));
      if (straddles(AddressRange(from, from + size))) continue;
      table_.add(from, from + size, kinds[random_.below(3)], rule);
      if (is_known_hook(laid++)) hooks_.push_back(from);
    }
    hooks_.push_back(random_code_address());  // in no table, or in the middle of special code
  }

  // A range that is partly in a region is refused.
  [[nodiscard]] bool straddles(const AddressRange& range) const {
    return std::ranges::any_of(normalized(text_), [&range](const AddressRange& region) {
      return region.overlaps(range) && !region.contains(range.start(), range.end() - range.start());
    });
  }

  bool is_known_hook(std::size_t index) {
    const auto kind = static_cast<SpecialKind>(table_.entry(index).kind);
    return is_return_hook(kind);
  }

  void draw_stacks() {
    std::uint64_t caller_at = 0;
    const std::uint64_t base = random_.one_of({0, 0x7000'0000, 0x7000'0000, 0x7000'0000, 0xffff'ffff'ffff'f000});
    const std::size_t stack_count = 1 + random_.below(2);
    for (std::size_t i = 0; i < stack_count; ++i) {
      memory.stacks.push_back({.base = base + 0x800 * i, .words = std::vector<std::uint64_t>(4 + random_.below(60))});
    }
    for (std::size_t i = stack_count; i > 0; --i) {
      FlatStack& stack = memory.stacks[i - 1];
      std::size_t index = stack.words.size();
      if (i == stack_count) {
        index -= 3;
        stack.words[index + 2] = SUREFOOT_METADATA_FINAL;
        caller_at = stack.base + 8 * index;
        context.final_record_at = caller_at;
      }
      for (; index >= 2; index -= 2 + (random_.is_chosen(60) ? 0 : random_.below(3))) {
        if (index > stack.words.size()) break;
        stack.words[index - 2] = !is_nasty(3) ? caller_at : random_frame_pointer(stack, caller_at);
        stack.words[index - 1] = random_return_address(stack.words[index - 2]);
        caller_at = stack.base + 8 * (index - 2);
      }
    }
    first_record_ = caller_at;
    stacks_ = memory.declared();
    // The newest entry belongs to the lowest record.
    for (const ReturnEntry& entry : entries_) {
      if (!return_stack_.push(entry)) break;
    }
  }

  std::uint64_t random_frame_pointer(const FlatStack& stack, std::uint64_t caller_at) {
    return random_.one_of({caller_at + random_.below(9), caller_at - 8, caller_at - 16, stack.end() - 16,
                           stack.end() - 8, stack.end(), stack.base, stack.base - 8, 0, random_.word()});
  }

  std::uint64_t random_return_address(std::uint64_t key) {
    std::uint64_t address = random_code_address();
    if (is_nasty(3)) address = random_.one_of({0, 2, 4, address + 1, address + 2, address + code_size});
    if (random_.is_chosen(15)) {
      const std::uint64_t hook = hooks_[random_.below(hooks_.size())];
      if (address != 0 && !is_nasty(20))
        entries_.push_back({.return_address = address, .function = 1, .key = key, .hook = hook});
      address = !is_nasty(10) ? hook : address;
    }
    // A code, whether a mask tells where it is or not.
    const std::uint64_t where = is_calm_ ? context.pac.bits() : ~std::uint64_t{0} << 48 & ~half;
    return random_.is_chosen(10) ? address ^ (random_.word() & where) : address;
  }

  RandomSource& random_;
  const bool is_calm_;
  const std::uint64_t code_at_;
  RangeTable table_;
  std::vector<AddressRange> text_;
  std::vector<std::uint64_t> hooks_;
  std::vector<Stack> stacks_;
  std::vector<ReturnEntry> entries_;
  std::array<ReturnEntry, 8> storage_;
  ReturnStack return_stack_{storage_};
  std::uint64_t first_record_ = 0;
};

// Takes so many frames at a time.
Walked take_by(std::size_t room, const PlainWorld& world, const ForeignMemory* foreign, std::size_t buffer_size) {
  const World made(world.context, foreign);
  Cursor cursor(Start::at_call(world.start.registers), made.kernel(), made.task());
  Walked walked{.frames = std::vector<Frame>(buffer_size), .verdict = {}};
  std::size_t taken = 0;
  do {
    const std::size_t left = std::min(room, buffer_size - taken);
    const std::size_t now = cursor.take(std::span(walked.frames).subspan(taken, left));
    if (now == 0) break;
    taken += now;
  } while (taken < buffer_size);
  walked.frames.resize(taken);
  walked.verdict = cursor.verdict();
  return walked;
}

TEST(WalkPlainModel, AgreesWithOracleHoweverManyFramesAreTakenAtOnce) {
  std::size_t reliable_count = 0;
  std::size_t in_place_count = 0;
  Evidence evidence;
  for (std::uint64_t seed = first_seed; seed < first_seed + world_count; ++seed) {
    RandomSource random(seed);
    const PlainWorld world(random);
    const std::size_t buffer_size = random.is_chosen(80) ? 64 : random.below(6);
    const Walked expected = oracle_walk(world.start, world.context, nullptr, world.memory, buffer_size);
    const bool is_in_place = put_in_place(world.memory.declared(), world.memory);
    in_place_count += is_in_place ? 1U : 0U;
    for (const std::size_t room : {buffer_size, std::size_t{1}, std::size_t{3}}) {
      ReadCount count;
      CountingReader reader(world.memory, count);
      const ForeignMemory foreign = memory_of(reader);
      ASSERT_EQ(text(expected), text(take_by(room, world, &foreign, buffer_size)))
          << "seed " << seed << ", " << room << " at a time";
      ASSERT_EQ(count.wild, 0U) << "seed " << seed;
      if (!is_in_place) continue;
      ASSERT_EQ(text(expected), text(take_by(room, world, nullptr, buffer_size)))
          << "seed " << seed << ", in place, " << room << " at a time";
    }
    reliable_count += expected.verdict.is_reliable() ? 1U : 0U;
    evidence |= expected.verdict.evidence;
  }
  EXPECT_GT(reliable_count, world_count / 50);
  EXPECT_GT(in_place_count, world_count / 2);
  using enum EvidenceBit;
  for (const EvidenceBit bit :
       {return_address_hooked, return_entry_in_flight, changed_stack, in_special_range, not_text,
        return_address_unresolved, return_entry_skipped, return_entry_out_of_order, return_entry_left_over}) {
    EXPECT_TRUE(evidence.has(bit)) << to_string(bit);
  }
  std::cout << "seeds " << first_seed << " to " << first_seed + world_count - 1 << ": " << reliable_count
            << " reliable\n";
}

}  // namespace
}  // namespace surefoot::testing
