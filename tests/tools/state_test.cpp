// SPDX-License-Identifier: MIT
#include "flow/state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "support/random_source.hpp"

namespace surefoot::tools {
namespace {

using Kind = Value::Kind;
using testing_random = surefoot::testing::RandomSource;

constexpr Value entry_fp{.kind = Kind::entry_fp};
constexpr Value entry_lr{.kind = Kind::entry_lr};
constexpr Value signed_lr{.kind = Kind::entry_lr, .is_signed = true};
constexpr Value at_most(std::int64_t number) { return {.kind = Kind::cfa_at_most, .number = number}; }
constexpr Value bounded(std::int64_t number) { return {.kind = Kind::bounded, .number = number}; }
constexpr Value opaque(std::int64_t number) { return {.kind = Kind::opaque, .number = number}; }

State with_sp(const Value& sp, std::vector<Slot> slots = {}) {
  State state = State::at_entry();
  state.x[sp_number] = sp;
  state.slots = std::move(slots);
  return state;
}

TEST(State, KnowsTheCallersPairAtTheEntry) {
  const State state = State::at_entry();
  EXPECT_TRUE(state.x[fp_number].is(Value::Kind::entry_fp));
  EXPECT_TRUE(state.x[lr_number].is(Value::Kind::entry_lr));
  EXPECT_EQ(state.sp(), Value::cfa(0));
  EXPECT_EQ(state.x[0], Value{});
  EXPECT_EQ(state.slot(0), Value{});
}

TEST(State, KeepsSlotsInOrder) {
  State state = with_sp(Value::cfa(-64));
  state.set_slot(-16, entry_fp);
  state.set_slot(-32, Value::constant(3));
  state.set_slot(-8, entry_lr);
  EXPECT_EQ(state.slots, (std::vector<Slot>{{-32, Value::constant(3)}, {-16, entry_fp}, {-8, entry_lr}}));
  EXPECT_EQ(state.slot(-16), entry_fp);
  EXPECT_EQ(state.slot(-24), Value{});
  EXPECT_EQ(state.slot(-12), Value{});
}

TEST(State, ForgetsSlotsThatAreWrittenInPart) {
  for (std::int64_t from = -40; from <= -8; ++from) {
    SCOPED_TRACE(from);
    State state = with_sp(Value::cfa(-64), {{-32, entry_fp}, {-24, entry_lr}});
    state.forget_slots(from, from + 4);
    EXPECT_EQ(state.slot(-32).is(Kind::entry_fp), from + 4 <= -32 || from >= -24);
    EXPECT_EQ(state.slot(-24).is(Kind::entry_lr), from + 4 <= -24 || from >= -16);
  }
  State state = with_sp(Value::cfa(-64), {{-32, entry_fp}, {-24, entry_lr}});
  state.set_slot(-28, Value::constant(1));
  EXPECT_EQ(state.slots, (std::vector<Slot>{{-28, Value::constant(1)}}));
}

// Hazard X10.
TEST(State, ForgetsWhatIsBelowSp) {
  State state = with_sp(Value::cfa(-32), {{-32, entry_fp}, {-24, entry_lr}, {-8, Value::constant(1)}});
  state.set_sp(Value::cfa(-24));
  EXPECT_EQ(state.slots, (std::vector<Slot>{{-24, entry_lr}, {-8, Value::constant(1)}}));
  state.set_sp(Value::cfa(-20));
  EXPECT_EQ(state.slots, (std::vector<Slot>{{-8, Value::constant(1)}})) << "in part";
  state.set_sp(Value::cfa(0));
  EXPECT_TRUE(state.slots.empty());
}

TEST(State, SaysBelowWhatNothingIsSafe) {
  EXPECT_EQ(with_sp(Value::cfa(-32)).lowest_safe_slot(), -32);
  EXPECT_EQ(with_sp(at_most(-48)).lowest_safe_slot(), -48);
  EXPECT_EQ(with_sp({}).lowest_safe_slot(), std::nullopt);
}

TEST(State, TakesNothingForSpButStackAddresses) {
  for (const Value& value : {Value::constant(3), entry_fp, opaque(3), bounded(3), Value{}}) {
    State state = State::at_entry();
    state.set_sp(value);
    EXPECT_EQ(state.sp(), Value{});
  }
}

TEST(State, DoesNotGrowWithoutEnd) {
  State state = with_sp(Value::cfa(-1'000'000));
  for (std::int64_t offset = -1'000'000; offset < 0; offset += 8) state.set_slot(offset, Value::constant(1));
  EXPECT_LT(state.slots.size(), 1'000U);
}

TEST(Join, KeepsWhatIsTheSame) {
  State state = with_sp(Value::cfa(-32), {{-32, entry_fp}, {-24, entry_lr}});
  State other = state;
  EXPECT_FALSE(state.join(other));
  other.x[lr_number] = {};
  other.set_slot(-32, Value::constant(1));
  EXPECT_TRUE(state.join(other));
  EXPECT_EQ(state.x[lr_number], Value{});
  EXPECT_EQ(state.x[fp_number], entry_fp);
  EXPECT_EQ(state.slots, (std::vector<Slot>{{-24, entry_lr}}));
}

TEST(Join, TellsASignedAddressFromAPlainOne) {
  State state = State::at_entry();
  State other = state;
  other.x[lr_number] = signed_lr;
  EXPECT_TRUE(state.join(other));
  EXPECT_EQ(state.x[lr_number], Value{});
}

TEST(Join, BoundsSpBelowTheCfa) {
  const struct {
    Value a, b, joined;
  } cases[] = {
      {Value::cfa(-16), Value::cfa(-32), at_most(-16)},
      {Value::cfa(-16), at_most(-8), at_most(-8)},
      {at_most(-64), at_most(-16), at_most(-16)},
      {Value::cfa(0), Value::cfa(16), Value{}},
      {Value::cfa(16), at_most(-16), Value{}},
      {Value::cfa(0), Value{}, Value{}},
      {Value::cfa(-16), Value::cfa(-16), Value::cfa(-16)},
  };
  for (const auto& [a, b, joined] : cases) {
    State state = with_sp(a);
    state.join(with_sp(b));
    EXPECT_EQ(state.sp(), joined);
    state = with_sp(b);
    state.join(with_sp(a));
    EXPECT_EQ(state.sp(), joined);
  }
}

TEST(Join, KeepsTheWiderBound) {
  State state = State::at_entry();
  State other = state;
  state.x[0] = bounded(3);
  other.x[0] = bounded(7);
  EXPECT_TRUE(state.join(other));
  EXPECT_EQ(state.x[0], bounded(7));
  other.x[0] = {.kind = Kind::bounded, .is_word = true, .number = 5};
  EXPECT_TRUE(state.join(other));
  EXPECT_EQ(state.x[0], (Value{.kind = Kind::bounded, .is_word = true, .number = 7}));
}

TEST(Join, ForgetsAComparisonOfSomethingElse) {
  State state = State::at_entry();
  State other = state;
  other.compared = {.is_known = true, .opaque = 5, .constant = 3};
  EXPECT_FALSE(state.join(other)) << "of which this state knew nothing";
  State third = other;
  third.compared.constant = 4;
  EXPECT_TRUE(other.join(third));
  EXPECT_FALSE(other.compared.is_known);
}

Value random_value(testing_random& random) {
  const Value values[] = {
      {},         entry_fp,     entry_lr,           signed_lr, Value::cfa(0), Value::cfa(-16), Value::cfa(-32),
      at_most(0), at_most(-16), Value::constant(5), opaque(3), opaque(4),     bounded(3),      bounded(9)};
  return values[random.below(std::size(values))];
}

State random_state(testing_random& random) {
  State state;
  for (const unsigned i : {0U, 9U, fp_number, lr_number}) state.x[i] = random_value(random);
  state.set_sp(random_value(random));
  for (std::int64_t offset = -32; offset < 0; offset += 8) {
    const Value value = random_value(random);
    if (!value.is(Kind::unknown)) state.set_slot(offset, value);
  }
  if (random.is_chosen(50)) {
    state.compared = {.is_known = true, .opaque = static_cast<std::int64_t>(random.below(2)), .constant = 7};
  }
  return state;
}

State joined(State a, const State& b) {
  a.join(b);
  return a;
}

// True if what is said by `wide` is true wherever what is said by `value` is.
bool covers(const Value& wide, const Value& value) {
  if (wide == value || wide.is(Kind::unknown)) return true;
  const bool is_bound_of_sp = wide.is(Kind::cfa_at_most) && value.is_stack_address();
  const bool is_bound = wide.is(Kind::bounded) && value.is(Kind::bounded) && (wide.is_word || !value.is_word);
  return (is_bound_of_sp || is_bound) && wide.number >= value.number;
}

bool covers(const State& wide, const State& state) {
  for (std::size_t i = 0; i < wide.x.size(); ++i) {
    if (!covers(wide.x[i], state.x[i])) return false;
  }
  return std::ranges::all_of(wide.slots,
                             [&](const Slot& slot) { return covers(slot.value, state.slot(slot.offset)); }) &&
         (!wide.compared.is_known || wide.compared == state.compared);
}

// So that what is kept is right on each path, that following paths ends, and that it ends in the same whichever of two
// comes first. (Of three it need not: of stack addresses in registers a bound is kept if one of two is a bound.)
TEST(Join, SaysWhatIsTrueOfBothAndNoMore) {
  for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
    SCOPED_TRACE(seed);
    testing_random random(seed);
    const State a = random_state(random);
    const State b = random_state(random);
    const State both = joined(a, b);
    ASSERT_TRUE(covers(both, a));
    ASSERT_TRUE(covers(both, b));
    ASSERT_TRUE(joined(a, a) == a);
    ASSERT_TRUE(joined(both, a) == both && joined(both, b) == both) << "a second time adds nothing";
    ASSERT_TRUE(joined(b, a) == both);
    State changed = a;
    ASSERT_EQ(changed.join(b), changed != a) << "says whether it changed";
  }
}

}  // namespace
}  // namespace surefoot::tools
