// SPDX-License-Identifier: MIT
//
// How a derived state and CFI compare, by meaning.
#include <gtest/gtest.h>

#include <ostream>

#include "cfi/cfi.hpp"

namespace surefoot::tools {

static void PrintTo(Comparison comparison, std::ostream* out) { *out << to_string(comparison); }

namespace {

using Kind = CfiPlace::Kind;

constexpr Value entry_fp{.kind = Value::Kind::entry_fp};
constexpr Value entry_lr{.kind = Value::Kind::entry_lr};
constexpr Value signed_lr{.kind = Value::Kind::entry_lr, .is_signed = true};

constexpr CfiPlace at(std::int64_t offset) { return {.kind = Kind::at_cfa, .number = offset}; }
constexpr CfiPlace in(unsigned number) { return {.kind = Kind::in_register, .number = number}; }

// After stp x29, x30, [sp, #-32]!; mov x29, sp; bl
State in_body() {
  State state = State::at_entry();
  state.x[sp_number] = Value::cfa(-32);
  state.x[fp_number] = Value::cfa(-32);
  state.x[lr_number] = {};
  state.slots = {{-32, entry_fp}, {-24, entry_lr}};
  return state;
}

// After ldp x29, x30, [sp], #32
State in_epilogue() {
  State state = in_body();
  state.x[sp_number] = Value::cfa(0);
  state.x[fp_number] = entry_fp;
  state.x[lr_number] = entry_lr;
  return state;
}

CfiRow entry_row() { return {.has_cfa = true}; }
CfiRow body_row() { return {.has_cfa = true, .cfa_offset = 32, .ra = at(-24), .fp = at(-32)}; }
CfiRow late_row() { return {.has_cfa = true, .ra = at(-24), .fp = at(-32)}; }

Comparison compared(const State& state, const CfiRow& row) { return compare(&state, &row); }

TEST(Compare, SaysWhoKnowsAnInstruction) {
  const State state = State::at_entry();
  const CfiRow row = entry_row();
  EXPECT_EQ(compare(nullptr, nullptr), Comparison::neither);
  EXPECT_EQ(compare(&state, nullptr), Comparison::derived_only);
  EXPECT_EQ(compare(nullptr, &row), Comparison::cfi_only);
}

TEST(Compare, AgreesWhereBothMeanTheSame) {
  EXPECT_EQ(compared(State::at_entry(), entry_row()), Comparison::agree);
  EXPECT_EQ(compared(in_body(), body_row()), Comparison::agree);
  EXPECT_EQ(compared(in_epilogue(), entry_row()), Comparison::agree);

  CfiRow by_fp = body_row();
  by_fp.cfa_register = fp_number;
  EXPECT_EQ(compared(in_body(), by_fp), Comparison::agree);

  State moved = State::at_entry();
  moved.x[9] = entry_lr;
  moved.x[lr_number] = {};
  CfiRow in_x9 = entry_row();
  in_x9.ra = in(9);
  EXPECT_EQ(compared(moved, in_x9), Comparison::agree);
}

// Between the store of the pair and the next instruction both places hold it.
TEST(Compare, AgreesWithEitherOfTwoPlaces) {
  State state = State::at_entry();
  state.x[sp_number] = Value::cfa(-32);
  state.slots = {{-32, entry_fp}, {-24, entry_lr}};
  CfiRow row = body_row();
  EXPECT_EQ(compared(state, row), Comparison::agree);
  row.fp = {};
  row.ra = {};
  EXPECT_EQ(compared(state, row), Comparison::agree);
}

TEST(Compare, DiffersInEachOfItsParts) {
  CfiRow row = body_row();
  row.cfa_offset = 48;
  EXPECT_EQ(compared(in_body(), row), Comparison::differ);
  row = body_row();
  row.cfa_register = lr_number;
  EXPECT_EQ(compared(in_epilogue(), row), Comparison::differ) << "a base that is not of the frame";
  row = body_row();
  row.ra = at(-32);
  EXPECT_EQ(compared(in_body(), row), Comparison::differ);
  row = body_row();
  row.ra = at(-16);
  EXPECT_EQ(compared(in_body(), row), Comparison::differ) << "a slot of unknown contents";
  row = body_row();
  row.fp = {};
  EXPECT_EQ(compared(in_body(), row), Comparison::differ) << "x29 is the function's own";
  row = body_row();
  row.ra = {};
  EXPECT_EQ(compared(in_body(), row), Comparison::differ) << "x30 was used for a call";
  row = body_row();
  row.cfa_offset = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(compared(in_body(), row), Comparison::differ);
}

TEST(Compare, DiffersInTheSignature) {
  State state = State::at_entry();
  CfiRow row = entry_row();
  row.is_signed = true;
  EXPECT_EQ(compared(state, row), Comparison::differ);
  state.x[lr_number] = signed_lr;
  EXPECT_EQ(compared(state, row), Comparison::agree);
  row.is_signed = false;
  EXPECT_EQ(compared(state, row), Comparison::differ);
}

TEST(Compare, KnowsTheFaultOfSlotsBelowSp) {  // X10
  EXPECT_EQ(compared(in_epilogue(), late_row()), Comparison::cfi_below_sp);

  State forgetful = in_epilogue();
  forgetful.slots.clear();
  EXPECT_EQ(compared(forgetful, late_row()), Comparison::cfi_below_sp) << "what is below sp needs no value";

  State is_signed = in_epilogue();
  is_signed.x[lr_number] = signed_lr;
  EXPECT_EQ(compared(is_signed, late_row()), Comparison::differ);
  is_signed.x[0] = entry_lr;  // as __builtin_return_address() gives it
  CfiRow signed_row = late_row();
  signed_row.is_signed = true;
  EXPECT_EQ(compared(is_signed, signed_row), Comparison::cfi_below_sp);
}

TEST(Compare, ExcusesNoOtherFaultBySlotsBelowSp) {  // X10
  CfiRow row = late_row();
  row.cfa_offset = 16;
  EXPECT_EQ(compared(in_epilogue(), row), Comparison::differ) << "the CFA";
  row = late_row();
  row.fp = in(9);
  EXPECT_EQ(compared(in_epilogue(), row), Comparison::differ) << "the other of the pair";

  State lost = in_epilogue();
  lost.x[lr_number] = {};
  EXPECT_EQ(compared(lost, late_row()), Comparison::differ) << "nowhere above sp either";
  State unknown_sp = in_epilogue();
  unknown_sp.x[sp_number] = {};
  CfiRow by_fp = late_row();
  EXPECT_EQ(compared(unknown_sp, by_fp), Comparison::cfi_only) << "what is below it cannot be told";
}

TEST(Compare, LeavesToCfiWhatTheStateDoesNotKnow) {
  State state = in_body();
  state.x[sp_number] = {};
  EXPECT_EQ(compared(state, body_row()), Comparison::cfi_only) << "the base";
  state = in_body();
  state.slots = {{-32, entry_fp}};
  EXPECT_EQ(compared(state, body_row()), Comparison::cfi_only) << "the return address is nowhere";
  state.x[lr_number] = entry_lr;
  EXPECT_EQ(compared(state, body_row()), Comparison::differ) << "it is elsewhere";
}

// Two paths may have left it at different depths, of which CFI knows the one that is taken.
TEST(Compare, LeavesToCfiHowFarSpIsBelowItsBound) {
  State state = State::at_entry();
  state.x[sp_number] = {.kind = Value::Kind::cfa_at_most, .number = -16};
  CfiRow row = entry_row();
  row.cfa_offset = 16;
  EXPECT_EQ(compared(state, row), Comparison::cfi_only);
  row.cfa_offset = 32;
  EXPECT_EQ(compared(state, row), Comparison::cfi_only);
  row.cfa_offset = 8;
  EXPECT_EQ(compared(state, row), Comparison::differ) << "above the bound";
}

TEST(Compare, LeavesTheOutermostFunctionToCfi) {
  CfiRow row = entry_row();
  row.ra = {.kind = Kind::undefined};
  EXPECT_EQ(compared(State::at_entry(), row), Comparison::cfi_only);
}

TEST(Compare, AsksForNoFramePointerThatCfiGivesUp) {
  CfiRow row = entry_row();
  row.fp = {.kind = Kind::undefined};
  EXPECT_EQ(compared(State::at_entry(), row), Comparison::agree);
}

TEST(Compare, DiffersFromWhatPlacesCannotSay) {
  CfiRow expression = entry_row();
  expression.has_cfa = false;
  CfiRow ra = entry_row();
  ra.ra = {.kind = Kind::unsupported};
  CfiRow fp = entry_row();
  fp.fp = {.kind = Kind::unsupported};
  CfiRow signal = entry_row();
  signal.is_signal_frame = true;
  for (const CfiRow& row : {expression, ra, fp, signal}) {
    EXPECT_EQ(compared(State::at_entry(), row), Comparison::differ);
    EXPECT_EQ(compare(nullptr, &row), Comparison::cfi_only);
  }
}

TEST(Compare, HasNames) {
  EXPECT_STREQ(to_string(Comparison::agree), "agree");
  EXPECT_STREQ(to_string(Comparison::cfi_below_sp), "cfi_below_sp");
}

}  // namespace
}  // namespace surefoot::tools
