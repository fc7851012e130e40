// SPDX-License-Identifier: MIT
//
// Sets of stacks: what is refused when one is made (T18), and what only a walk can see, since a task's stacks and a
// CPU's are two sets (T9, T11).
#include <gtest/gtest.h>

#include <vector>

#include "support/described.hpp"
#include "surefoot/stacks.hpp"

namespace surefoot::testing {
namespace {

using code::ret;

Stack stack(std::uint64_t start, std::uint64_t end) { return {.range = AddressRange(start, end)}; }

std::vector<Stack> many(std::size_t count, std::uint64_t base = 0x10'0000) {
  std::vector<Stack> stacks;
  for (std::uint64_t i = 0; i < count; ++i) stacks.push_back(stack(base + 0x1000 * i, base + 0x1000 * (i + 1)));
  return stacks;
}

TEST(StackSet, IsEmptyUnlessItWasMade) {
  constexpr StackSet none;
  static_assert(none.size() == 0 && none.begin() == none.end());
  EXPECT_EQ(StackSet::make({}).value().size(), 0U);
}

TEST(StackSet, HoldsItsStacksInTheirOrder) {
  static constexpr Stack stacks[] = {{.range = AddressRange(0x3000, 0x4000), .kind = StackKind::irq},
                                     {.range = AddressRange(0x1000, 0x2000)},
                                     {.range = AddressRange(0x2000, 0x3000), .kind = StackKind::overflow}};
  constexpr auto made = StackSet::make(stacks);
  static_assert(made.has_value() && made->size() == 3);
  EXPECT_EQ(made->begin(), stacks);
  EXPECT_EQ((*made)[2].kind, StackKind::overflow);
}

TEST(StackSet, TakesStacksThatTouchAndThoseAtBothEnds) {
  const std::vector<Stack> stacks{stack(0, 8), stack(8, 16), stack(~std::uint64_t{15}, ~std::uint64_t{7}),
                                  stack(16, std::uint64_t{1} << 63)};
  EXPECT_TRUE(StackSet::make(stacks).has_value());
}

TEST(StackSet, T18_NamesWhatIsWrongAndTheStack) {
  using enum StackSetFault;
  struct Case {
    StackSetFault code;
    Stack wrong;
  } const cases[] = {
      {empty_stack, {}},
      {empty_stack, stack(0x9000, 0x9000)},
      {empty_stack, stack(0x9000, 0x8000)},
      {empty_stack, stack(~std::uint64_t{0xfff}, 0)},  // ends at 2^64
      {overlapping, stack(0x1000, 0x2000)},
      {overlapping, stack(0x1ff8, 0x2008)},
      {overlapping, stack(0x0800, 0x1001)},
      {overlapping, stack(0x4800, 0x4900)},
      {overlapping, stack(0x3000, 0x6000)},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(::testing::Message() << to_string(c.code) << std::hex << " 0x" << c.wrong.range.start());
    const std::vector<Stack> stacks{stack(0x1000, 0x2000), stack(0x4000, 0x5000), c.wrong, {}};
    const auto refused = StackSet::make(stacks);
    ASSERT_FALSE(refused.has_value());
    EXPECT_STREQ(to_string(refused.error().code), to_string(c.code));
    EXPECT_EQ(refused.error().index, 2U);
  }
}

TEST(StackSet, NamesTheFirstStackThatIsTooMany) {
  EXPECT_TRUE(StackSet::make(many(max_stacks)).has_value());
  EXPECT_EQ(StackSet::make(many(max_stacks + 1)).error(), (StackSetError{StackSetFault::too_many_stacks, max_stacks}));
  // An earlier one that is wrong comes first.
  std::vector<Stack> stacks = many(max_stacks + 1);
  stacks[3] = stacks[2];
  EXPECT_EQ(StackSet::make(stacks).error(), (StackSetError{StackSetFault::overlapping, 3}));
}

class StackSets : public DescribedTest {
 protected:
  StackSets() {
    own.junk(1).record("c", "final", ret(3)).final_record();
    cpu.junk(1).record("a", "b", ret(1)).junk(1).record("b", "c", ret(2)).junk(1);
    cpu_stacks = {stack(cpu.base(), cpu.end())};
    own_stacks = {stack(own.base(), own.end())};
    final_record_at = address("final");
  }
  [[nodiscard]] Walked walk_from(const char* fp, std::uint64_t sp) {
    return walk(Start::at_call({.fp = address(fp), .sp = sp, .pc = ret(0)}));
  }
  StackImage& own = memory.add_stack(0x7000'0000, StackKind::task);
  StackImage& cpu = memory.add_stack(0x6000'0000, StackKind::irq);
};

TEST_F(StackSets, AreUsedTogether) {
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2)),
                   from_record(ret(3), EvidenceBit::changed_stack)},
                  address("final")),
         walk_from("a", cpu.base()));
}

// The task's own stack is declared too large, and reaches into the CPU's.
TEST_F(StackSets, T11_DoNotOverlapOnceAWalkUsesBoth) {
  own_stacks = {stack(cpu.end() - 8, own.end())};
  expect(unreliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2))},
                    {.stop = StopReason::bad_task, .stop_at = cpu.end() - 8, .first_doubtful = 3}),
         walk_from("a", cpu.base()));
}

TEST_F(StackSets, T11_MayOverlapWhereNoWalkGoes) {
  own_stacks.push_back(stack(cpu.end() - 8, cpu.end() + 0x100));
  own_stacks.push_back(stack(own.end(), own.end() + 0x100));
  cpu_stacks.push_back(stack(own.end() + 8, own.end() + 0x80));
  expect(reliable({from_start(ret(0)), from_record(ret(1)), from_record(ret(2)),
                   from_record(ret(3), EvidenceBit::changed_stack)},
                  address("final")),
         walk_from("a", cpu.base()));
}

// The same stack in both sets: whichever is entered first is the only one.
TEST_F(StackSets, MayNameAStackTwiceIfItIsNotLeft) {
  cpu_stacks = own_stacks;
  expect(reliable({from_start(ret(0)), from_record(ret(3))}, address("final")), walk_from("c", own.base()));
}

TEST_F(StackSets, AreRefusedByAWalkWhenTheyAreTooManyTogether) {
  const std::vector<Stack> others = many(max_stacks - 2);
  own_stacks.insert(own_stacks.end(), others.begin(), others.end());
  EXPECT_TRUE(walk_from("a", cpu.base()).verdict.is_reliable());
  cpu_stacks.push_back(stack(0x8000, 0x9000));
  expect(unreliable({}, {.stop = StopReason::bad_task}), walk_from("a", cpu.base()));
  cpu_stacks = many(max_stacks, 0x20'0000);
  expect(unreliable({}, {.stop = StopReason::bad_task}), walk_from("c", own.base()));
}

}  // namespace
}  // namespace surefoot::testing
