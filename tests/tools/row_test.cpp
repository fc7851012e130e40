// SPDX-License-Identifier: MIT
#include "sframe/row.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "support/random_source.hpp"

namespace surefoot::tools {
namespace {

std::vector<std::optional<Row>> choose(const std::vector<std::optional<State>>& states) {
  std::vector<const State*> known;
  for (const std::optional<State>& state : states) known.push_back(state ? &*state : nullptr);
  return choose_rows(known);
}

constexpr Value caller_fp{.kind = Value::Kind::entry_fp};
constexpr Value caller_lr{.kind = Value::Kind::entry_lr};
constexpr Value signed_lr{.kind = Value::Kind::entry_lr, .is_signed = true};
constexpr Value unknown{};

constexpr Row registers(std::int32_t cfa, bool is_signed = false) { return {.is_signed = is_signed, .cfa = cfa}; }

constexpr Row on_stack(Row::Base base, std::int32_t cfa, std::int32_t fp, std::int32_t ra, bool is_signed = false) {
  return {.where = Row::Where::stack, .base = base, .is_signed = is_signed, .cfa = cfa, .ra = ra, .fp = fp};
}

constexpr Row lr_on_stack(std::int32_t cfa, std::int32_t ra, bool is_signed = false) {
  return {.where = Row::Where::lr_on_stack, .is_signed = is_signed, .cfa = cfa, .ra = ra};
}

/// A function's state with the registers and slots that matter here.
State state(Value sp, Value fp, Value lr, std::vector<Slot> slots = {}) {
  State made;
  made.x[sp_number] = sp;
  made.x[fp_number] = fp;
  made.x[lr_number] = lr;
  std::ranges::sort(slots, {}, &Slot::offset);
  made.slots = std::move(slots);
  return made;
}

/// After `stp x29, x30, [sp, #-size]!`.
State after_push(std::int64_t size, Value lr = caller_lr) {
  return state(Value::cfa(-size), caller_fp, lr, {{-size, caller_fp}, {-size + 8, lr}});
}

/// In the body of a function that keeps its record at the bottom of its frame.
State in_body(std::int64_t size, Value lr = caller_lr) {
  State made = after_push(size, lr);
  made.x[fp_number] = Value::cfa(-size);
  made.x[lr_number] = unknown;
  return made;
}

/// The same after an allocation of a size that is not known.
State in_body_with_alloca(std::int64_t size) {
  State made = in_body(size);
  made.x[sp_number] = {.kind = Value::Kind::cfa_at_most, .number = -size};
  return made;
}

std::vector<std::string> texts(const std::vector<std::optional<Row>>& rows) {
  std::vector<std::string> found;
  for (const auto& row : rows) {
    found.push_back(row ? to_string(*row) : "none");
  }
  return found;
}

using Texts = std::vector<std::string>;

TEST(Row, IsWrittenAsObjdumpWritesIt) {
  EXPECT_EQ(to_string(registers(0)), "sp+0 u u");
  EXPECT_EQ(to_string(registers(16, true)), "sp+16 u u[s]");
  EXPECT_EQ(to_string(on_stack(Row::Base::sp, 32, -32, -24)), "sp+32 c-32 c-24");
  EXPECT_EQ(to_string(on_stack(Row::Base::fp, 16, -16, -8, true)), "fp+16 c-16 c-8[s]");
  EXPECT_EQ(to_string(Row{.where = Row::Where::nowhere}), "RA undefined");
  EXPECT_EQ(to_string(lr_on_stack(16, -8, true)), "sp+16 u c-8[s]");
}

TEST(Row, OfTheRegistersIsRightAtAnEntry) {
  EXPECT_TRUE(is_right(registers(0), State::at_entry()));
  EXPECT_FALSE(is_right(registers(16), State::at_entry()));
  EXPECT_FALSE(is_right(on_stack(Row::Base::sp, 0, -16, -8), State::at_entry()));
}

TEST(Row, OfTheRegistersNeedsBothOfThemAndSp) {
  EXPECT_TRUE(is_right(registers(16), state(Value::cfa(-16), caller_fp, caller_lr)));
  EXPECT_FALSE(is_right(registers(16), state(Value::cfa(-16), unknown, caller_lr)));
  EXPECT_FALSE(is_right(registers(16), state(Value::cfa(-16), caller_fp, unknown)));
  EXPECT_FALSE(is_right(registers(16), state(unknown, caller_fp, caller_lr)));
  EXPECT_FALSE(is_right(registers(16), state(Value::constant(-16), caller_fp, caller_lr)));
  // x29 is still the caller's: nothing is known of how it lies to the CFA.
  EXPECT_FALSE(is_right({.base = Row::Base::fp, .cfa = 16}, state(Value::cfa(-16), caller_fp, caller_lr)));
}

TEST(Row, TellsASignedReturnAddressFromAPlainOne) {
  EXPECT_TRUE(is_right(registers(0, true), state(Value::cfa(0), caller_fp, signed_lr)));
  EXPECT_FALSE(is_right(registers(0, false), state(Value::cfa(0), caller_fp, signed_lr)));
  EXPECT_FALSE(is_right(registers(0, true), State::at_entry()));
  EXPECT_TRUE(is_right(on_stack(Row::Base::sp, 16, -16, -8, true), in_body(16, signed_lr)));
  EXPECT_FALSE(is_right(on_stack(Row::Base::sp, 16, -16, -8, false), in_body(16, signed_lr)));
  EXPECT_FALSE(is_right(on_stack(Row::Base::sp, 16, -16, -8, true), in_body(16)));
}

TEST(Row, OfWhichOnlyTheReturnAddressIsOnTheStackNeedsX29AsItWas) {
  const Row right = lr_on_stack(16, -16);
  EXPECT_TRUE(is_right(right, state(Value::cfa(-16), caller_fp, unknown, {{-16, caller_lr}})));
  EXPECT_FALSE(is_right(right, state(Value::cfa(-16), unknown, unknown, {{-16, caller_lr}})));
  EXPECT_FALSE(is_right(right, state(Value::cfa(-16), caller_fp, unknown, {{-8, caller_lr}})));
  EXPECT_FALSE(is_right(right, state(Value::cfa(0), caller_fp, unknown, {{-16, caller_lr}})));
  EXPECT_FALSE(is_right(lr_on_stack(0, -16), state(Value::cfa(0), caller_fp, unknown, {{-16, caller_lr}})));
}

TEST(Row, OnTheStackNeedsBothSlotsAndItsBase) {
  const Row right = on_stack(Row::Base::fp, 32, -32, -24);
  EXPECT_TRUE(is_right(right, in_body(32)));
  EXPECT_TRUE(is_right(on_stack(Row::Base::sp, 32, -32, -24), in_body(32)));
  EXPECT_FALSE(is_right(on_stack(Row::Base::fp, 32, -24, -32), in_body(32)));
  EXPECT_FALSE(is_right(on_stack(Row::Base::fp, 48, -32, -24), in_body(32)));
  EXPECT_FALSE(is_right(right, after_push(32)));  // x29 does not point there yet
  for (const std::size_t lost : {0U, 1U}) {
    State damaged = in_body(32);
    damaged.slots.erase(damaged.slots.begin() + static_cast<std::ptrdiff_t>(lost));
    EXPECT_FALSE(is_right(right, damaged)) << "slot " << lost;
  }
}

// Hazard X10: an exception overwrites what is below sp.
TEST(Row, IsNeverRightBelowSp) {
  State popped = in_body(32);
  popped.x[sp_number] = Value::cfa(0);
  EXPECT_FALSE(is_right(on_stack(Row::Base::sp, 0, -32, -24), popped));
  EXPECT_FALSE(is_right(on_stack(Row::Base::fp, 32, -32, -24), popped));
  popped.x[sp_number] = Value::cfa(-24);  // one of both
  EXPECT_FALSE(is_right(on_stack(Row::Base::fp, 32, -32, -24), popped));
  popped.x[sp_number] = Value::cfa(-32);
  EXPECT_TRUE(is_right(on_stack(Row::Base::fp, 32, -32, -24), popped));
}

TEST(Row, HoldsFromTheFramePointerWhereSpIsBelowTheFrame) {
  const Row by_fp = on_stack(Row::Base::fp, 48, -48, -40);
  EXPECT_TRUE(is_right(by_fp, in_body_with_alloca(48)));
  EXPECT_FALSE(is_right(on_stack(Row::Base::sp, 48, -48, -40), in_body_with_alloca(48)));
}

TEST(Row, HoldsForSlotsAboveTheBoundOfSp) {
  const Row row = on_stack(Row::Base::fp, 64, -48, -40);
  State body = in_body(48);
  body.x[fp_number] = Value::cfa(-64);
  body.x[sp_number] = {.kind = Value::Kind::cfa_at_most, .number = -48};
  EXPECT_TRUE(is_right(row, body));
  body.x[sp_number].number = -44;
  EXPECT_FALSE(is_right(row, body));
}

TEST(Row, HoldsWithoutSpForTheRecordThatX29PointsToAndNothingElse) {
  for (const Value sp : {Value{.kind = Value::Kind::cfa_at_most, .number = -40}, unknown}) {
    State record = in_body(48);
    record.x[sp_number] = sp;
    EXPECT_TRUE(is_right(on_stack(Row::Base::fp, 48, -48, -40), record));
    // The same slots, but not as the record of x29: they could have been overwritten.
    State other = record;
    other.x[fp_number] = Value::cfa(-64);
    EXPECT_FALSE(is_right(on_stack(Row::Base::fp, 64, -48, -40), other));
    other = record;
    other.set_slot(-40, unknown);
    other.set_slot(-56, caller_lr);
    EXPECT_FALSE(is_right(on_stack(Row::Base::fp, 48, -48, -56), other));
  }
}

TEST(Row, OfNoCallerFollowsFromNoState) {
  EXPECT_FALSE(is_right({.where = Row::Where::nowhere}, State::at_entry()));
  EXPECT_FALSE(is_right({.where = Row::Where::nowhere}, State{}));
}

TEST(ChooseRows, NeedsThreeForAnOrdinaryFunction) {
  const auto rows = choose({State::at_entry(), after_push(32), in_body(32), in_body(32), State::at_entry()});
  EXPECT_EQ(texts(rows), (Texts{"sp+0 u u", "sp+32 c-32 c-24", "sp+32 c-32 c-24", "sp+32 c-32 c-24", "sp+0 u u"}));
}

TEST(ChooseRows, TakesTheBaseThatStaysRight) {
  const State variable = in_body_with_alloca(48);
  EXPECT_EQ(texts(choose({in_body(48), variable, in_body(48)})),
            (Texts{"fp+48 c-48 c-40", "fp+48 c-48 c-40", "fp+48 c-48 c-40"}));
  EXPECT_EQ(texts(choose({after_push(48), in_body(48), variable, in_body(48), State::at_entry()})),
            (Texts{"sp+48 c-48 c-40", "sp+48 c-48 c-40", "fp+48 c-48 c-40", "fp+48 c-48 c-40", "sp+0 u u"}));
}

TEST(ChooseRows, TakesTheSlotsThatStayRight) {
  // The pair is in two places, one of which is lost later.
  State both = in_body(64);
  both.slots = {{-64, caller_fp}, {-56, caller_lr}, {-16, caller_fp}, {-8, caller_lr}};
  State one = in_body(64);
  State other = both;
  other.slots = {{-16, caller_fp}, {-8, caller_lr}};
  EXPECT_EQ(texts(choose({both, one})), (Texts{"sp+64 c-64 c-56", "sp+64 c-64 c-56"}));
  EXPECT_EQ(texts(choose({both, other})), (Texts{"sp+64 c-16 c-8", "sp+64 c-16 c-8"}));
}

// Code that hands its own return address on keeps a copy in a local variable, which may change.
TEST(ChooseRows, TakesTheRecordBeforeACopyOfWhatIsInIt) {
  State with_copy = in_body(112);
  with_copy.slots.push_back({-16, caller_lr});
  EXPECT_EQ(texts(choose({with_copy})), std::vector<std::string>{"sp+112 c-112 c-104"});
}

TEST(ChooseRows, TakesTheRegistersWhereThatLastsAsLong) {
  EXPECT_EQ(texts(choose({after_push(16), after_push(16)})), (Texts{"sp+16 u u", "sp+16 u u"}));
}

TEST(ChooseRows, LeavesTheFramePointerInItsRegister) {
  // After `str x30, [sp, #-16]!` and a call.
  EXPECT_EQ(texts(choose({state(Value::cfa(-16), caller_fp, unknown, {{-16, caller_lr}})})), Texts{"sp+16 u c-16"});
  EXPECT_EQ(texts(choose({state(Value::cfa(-16), caller_fp, unknown, {{-16, caller_fp}, {-8, signed_lr}})})),
            Texts{"sp+16 u c-8[s]"});
}

TEST(ChooseRows, HasNoneWhereTheFormatHasNone) {
  // The return address in its register, the frame pointer in a slot.
  EXPECT_EQ(texts(choose({state(Value::cfa(-16), unknown, caller_lr, {{-16, caller_fp}})})), Texts{"none"});
}

TEST(ChooseRows, HasNoneWithoutAState) {
  EXPECT_EQ(texts(choose({std::nullopt, State::at_entry(), std::nullopt, State{}, State::at_entry()})),
            (Texts{"none", "sp+0 u u", "none", "none", "sp+0 u u"}));
  EXPECT_TRUE(choose({}).empty());
}

TEST(ChooseRows, HasNoneThatDoesNotFit) {
  constexpr std::int64_t least = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  for (const std::int64_t sp : {least, least - 8, lowest, -least}) {
    SCOPED_TRACE(sp);
    EXPECT_EQ(texts(choose({state(Value::cfa(sp), caller_fp, caller_lr)})), Texts{"none"});
  }
  EXPECT_EQ(texts(choose({state(Value::cfa(least + 8), caller_fp, caller_lr)})), Texts{"sp+2147483640 u u"});
  const State far = state(Value::cfa(lowest), Value::cfa(-16), unknown, {{least - 8, caller_fp}, {-8, caller_lr}});
  EXPECT_EQ(texts(choose({far})), Texts{"none"});
}

State random_state(surefoot::testing::RandomSource& random) {
  const auto pick = [&](std::initializer_list<Value> values) { return values.begin()[random.below(values.size())]; };
  std::vector<Slot> slots;
  for (std::int64_t offset = -32; offset < 0; offset += 8) {
    if (const Value value = pick({unknown, caller_fp, caller_lr, signed_lr}); value != unknown) {
      slots.push_back({offset, value});
    }
  }
  const Value below{.kind = Value::Kind::cfa_at_most, .number = -32};
  return state(pick({Value::cfa(-32), Value::cfa(-16), below, unknown}), pick({Value::cfa(-32), caller_fp, unknown}),
               pick({caller_lr, signed_lr, unknown}), std::move(slots));
}

/// Every row that the default type can state with the numbers of random_state().
std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (const bool is_signed : {false, true}) {
    for (const std::int32_t cfa : {16, 32}) {
      rows.push_back(registers(cfa, is_signed));
      for (std::int32_t ra = -32; ra < 0; ra += 8) {
        rows.push_back(lr_on_stack(cfa, ra, is_signed));
      }
      for (const Row::Base base : {Row::Base::sp, Row::Base::fp}) {
        for (std::int32_t fp = -32; fp < 0; fp += 8) {
          for (std::int32_t ra = -32; ra < 0; ra += 8) {
            rows.push_back(on_stack(base, cfa, fp, ra, is_signed));
          }
        }
      }
    }
  }
  return rows;
}

std::size_t count_rows(const std::vector<std::optional<Row>>& rows) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    count += rows[i] && (i == 0 || rows[i] != rows[i - 1]) ? 1 : 0;
  }
  return count;
}

// The oracle tries every row at every instruction.
TEST(ChooseRows, IsRightEverywhereAndHasTheFewestRows) {
  const std::vector<Row> candidates = all_rows();
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    surefoot::testing::RandomSource random(seed);
    std::vector<std::optional<State>> states;
    while (states.size() < 40) {
      const std::optional<State> next = random.is_chosen(10) ? std::nullopt : std::optional(random_state(random));
      for (std::size_t repeat = 1 + random.below(4); repeat > 0; --repeat) {
        states.push_back(next);
      }
    }
    const auto rows = choose(states);
    ASSERT_EQ(rows.size(), states.size());

    std::size_t fewest = 0;
    for (std::size_t at = 0; at < states.size();) {
      std::size_t longest = 0;
      for (const Row& candidate : candidates) {
        std::size_t end = at;
        while (end < states.size() && states[end] && is_right(candidate, *states[end])) {
          ++end;
        }
        longest = std::max(longest, end - at);
      }
      EXPECT_EQ(rows[at].has_value(), longest > 0) << at;
      fewest += longest > 0 ? 1 : 0;
      at += std::max<std::size_t>(longest, 1);
    }
    EXPECT_EQ(count_rows(rows), fewest);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_TRUE(!rows[i] || is_right(*rows[i], *states[i])) << i;
    }
  }
}

}  // namespace
}  // namespace surefoot::tools
