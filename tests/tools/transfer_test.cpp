// SPDX-License-Identifier: MIT
//
// What one instruction does to what is known.
#include "flow/transfer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <map>

#include "rules/describe.hpp"

namespace surefoot::tools {
namespace {

using Kind = Value::Kind;

constexpr Value entry_fp{.kind = Kind::entry_fp};
constexpr Value entry_lr{.kind = Kind::entry_lr};
constexpr Value signed_lr{.kind = Kind::entry_lr, .is_signed = true};
constexpr Value at_most(std::int64_t number) { return {.kind = Kind::cfa_at_most, .number = number}; }
constexpr Value bounded(std::int64_t number) { return {.kind = Kind::bounded, .number = number}; }

class Transfer : public ::testing::Test {
 protected:
  void run(std::initializer_list<std::uint32_t> words) {
    for (const std::uint32_t word : words) {
      apply(decoder_.decode(word, pc_), pc_, state_, tables_);
      pc_ += 4;
    }
  }
  void branch(std::uint32_t word, bool is_taken) { apply_condition(decoder_.decode(word, pc_), is_taken, state_); }

  Decoder decoder_;
  JumpTables tables_;
  State state_ = State::at_entry();
  std::uint64_t pc_ = 0x1000;
};

TEST_F(Transfer, FollowsAPrologueAndItsEpilogue) {
  run({0xa9be7bfd, 0x910003fd});  // stp x29, x30, [sp, #-32]!; mov x29, sp
  EXPECT_EQ(state_.sp(), Value::cfa(-32));
  EXPECT_EQ(state_.x[fp_number], Value::cfa(-32));
  EXPECT_EQ(state_.slots, (std::vector<Slot>{{-32, entry_fp}, {-24, entry_lr}}));
  run({0x94000010});  // bl
  EXPECT_FALSE(state_.x[lr_number].is(Kind::entry_lr));
  run({0xa8c27bfd});  // ldp x29, x30, [sp], #32
  EXPECT_EQ(state_.sp(), Value::cfa(0));
  EXPECT_EQ(state_.x[fp_number], entry_fp);
  EXPECT_EQ(state_.x[lr_number], entry_lr);
  EXPECT_TRUE(state_.slots.empty());
}

TEST_F(Transfer, KeepsOfACallWhatCalleesKeep) {
  for (unsigned i = 0; i < 31; ++i) state_.x[i] = Value::constant(i);
  run({0x94000010});
  for (unsigned i = 0; i < 31; ++i) {
    const bool is_kept = i >= 19 && i != lr_number;
    EXPECT_EQ(state_.x[i] == Value::constant(i), is_kept) << i;
  }
  EXPECT_EQ(state_.sp(), Value::cfa(0));
}

TEST_F(Transfer, KeepsOfAServiceCallWhatTheCallConventionSays) {
  for (const std::uint32_t word : {0xd4000001U, 0xd4000002U, 0xd4000003U}) {  // svc, hvc, smc
    for (unsigned i = 0; i < 31; ++i) state_.x[i] = Value::constant(i);
    run({word});
    for (unsigned i = 0; i < 31; ++i) EXPECT_EQ(state_.x[i] == Value::constant(i), i >= 18) << i;
  }
  state_.x[0] = Value::constant(0);
  run({0xd4200000});  // brk
  EXPECT_EQ(state_.x[0], Value::constant(0));
}

// A call in several instructions.
TEST_F(Transfer, KeepsTheSameOfACallThatIsNone) {
  State other = state_;
  run({0x94000010});
  apply_call(0x1000, other, tables_);
  EXPECT_EQ(state_, other);
}

TEST_F(Transfer, SignsAndAuthenticates) {
  run({0xd503233f});  // paciasp
  EXPECT_EQ(state_.x[lr_number], signed_lr);
  run({0xf81f0ffe, 0xf84107fe});  // str x30, [sp, #-16]!; ldr x30, [sp], #16
  EXPECT_EQ(state_.x[lr_number], signed_lr);
  State stripped = state_;
  run({0xd50323bf});  // autiasp
  EXPECT_EQ(state_.x[lr_number], entry_lr);
  run({0xd50323bf});
  EXPECT_FALSE(state_.x[lr_number].is(Kind::entry_lr)) << "what was not signed is spoiled";
  state_ = stripped;
  run({0xd50320ff});  // xpaclri
  EXPECT_EQ(state_.x[lr_number], entry_lr);
  run({0xd50320ff});
  EXPECT_EQ(state_.x[lr_number], entry_lr);
  run({0xd503233f, 0xd503233f});
  EXPECT_FALSE(state_.x[lr_number].is(Kind::entry_lr)) << "twice";
}

TEST_F(Transfer, MakesConstants) {
  run({0xd2884470, 0xf2a00030});  // mov x16, #0x4223; movk x16, #1, lsl #16
  EXPECT_EQ(state_.x[16], Value::constant(0x14223));
  run({0xcb3063ff});  // sub sp, sp, x16
  EXPECT_EQ(state_.sp(), Value::cfa(-0x14223));
  run({0x8b3063ff});  // add sp, sp, x16
  EXPECT_EQ(state_.sp(), Value::cfa(0));
  run({0x12800010});  // mov w16, #-1
  EXPECT_EQ(state_.x[16], Value::constant(0xffffffff));
  run({0xf2c00030});  // movk x16, #1, lsl #32
  EXPECT_EQ(state_.x[16], Value::constant(0x1ffffffff));
  run({0x72800010});  // movk w16, #0
  EXPECT_EQ(state_.x[16], Value::constant(0xffff0000));
  run({0xf9400010, 0xf2a00030});  // ldr x16, [x0]; movk
  EXPECT_FALSE(state_.x[16].is(Kind::constant));
}

TEST_F(Transfer, BoundsSpByAnAllocationOrAnAlignment) {
  run({0xcb2063ff});  // sub sp, sp, x0
  EXPECT_EQ(state_.sp(), at_most(0));
  run({0xd10083ff});  // sub sp, sp, #32
  EXPECT_EQ(state_.sp(), at_most(-32));
  run({0x910003e9, 0x927cec3f});  // mov x9, sp; and sp, x1, #-16
  EXPECT_EQ(state_.sp(), Value{}) << "of something else";
  run({0x9100013f});  // mov sp, x9
  EXPECT_EQ(state_.sp(), at_most(-32));
  run({0x927ced3f});  // and sp, x9, #-16
  EXPECT_EQ(state_.sp(), at_most(-32));
  run({0x910003bf});  // mov sp, x29
  EXPECT_EQ(state_.sp(), Value{}) << "the caller's";
}

TEST_F(Transfer, KeepsNoAddressInALowWord) {
  const std::pair<std::uint32_t, unsigned> cases[] = {
      {0x2a1e03e0, 0},   // mov w0, w30
      {0x110043e0, 0},   // add w0, wsp, #16
      {0x12000be0, 0},   // and w0, wsp, ... of wzr
      {0x110043ff, 31},  // add wsp, wsp, #16
      {0x2a1d03fd, 29},  // mov w29, w29
      {0x2a1e03fe, 30},  // mov w30, w30
  };
  for (const auto& [word, reg] : cases) {
    state_ = State::at_entry();
    run({word});
    EXPECT_FALSE(state_.x[reg].is_worth_keeping() && !state_.x[reg].is(Kind::constant)) << fmt::format("{:08x}", word);
  }
}

TEST_F(Transfer, WritesNothingToTheZeroRegister) {
  run({0xaa0003ff, 0x910043e0, 0xeb01001f});  // mov xzr, x0; add x0, sp, #16; cmp x0, x1
  EXPECT_EQ(state_.sp(), Value::cfa(0));
}

// Each kind of store in the frame, at each place that overlaps the slots, and beside.
TEST_F(Transfer, ForgetsWhatAStoreOverlaps) {
  const struct {
    std::uint32_t word;  // on [sp, #16]
    std::int64_t size;
  } stores[] = {
      {0x390043e0, 1},   // strb w0
      {0x790023e0, 2},   // strh w0
      {0xb90013e0, 4},   // str w0
      {0xf9000be0, 8},   // str x0
      {0x29020be0, 8},   // stp w0, w2
      {0xa9010be0, 16},  // stp x0, x2
      {0x3d8007e0, 16},  // str q0
      {0xad0083e0, 32},  // stp q0, q0
      {0xfd000be0, 8},   // str d0
      {0xf80103e0, 8},   // stur x0
      {0xf8010be0, 8},   // sttr x0
  };
  for (const auto& [word, size] : stores) {
    for (std::int64_t slot = -64; slot < 0; slot += 4) {
      SCOPED_TRACE(fmt::format("{:08x} {}", word, slot));
      state_ = State::at_entry();
      state_.x[sp_number] = Value::cfa(-64);
      state_.set_slot(slot, entry_lr);
      run({word});
      const bool overlaps = slot < -48 + size && -48 < slot + 8;
      EXPECT_EQ(state_.slot(slot) == entry_lr, !overlaps);
    }
  }
}

// Those that say less of where they write.
TEST_F(Transfer, ForgetsWhatAStoreMayOverlap) {
  const std::uint32_t stores[] = {
      0xc89fffe0,            // stlr x0, [sp]
      0xc8017fe0,            // stxr w1, x0, [sp]
      0xf8208000 | 31 << 5,  // swp x0, x0, [sp]
      0x4c007000 | 31 << 5,  // st1 {v0.16b}, [sp]
      0xe58043e0,            // str z0, [sp]
      0xd50b7420 | 5,        // dc zva, x5
  };
  for (const std::uint32_t word : stores) {
    state_ = State::at_entry();
    state_.x[sp_number] = Value::cfa(-64);
    state_.set_slot(-64, entry_lr);
    state_.x[5] = Value::cfa(-128);
    run({word});
    EXPECT_FALSE(state_.slot(-64).is(Kind::entry_lr)) << fmt::format("{:08x}", word);
  }
}

// M8: as many bytes as the size says, if it is known; else those of the object that is meant.
TEST_F(Transfer, M8_TakesMemoryCopiesByTheirSize) {
  constexpr std::uint32_t copies[] = {0x19010443, 0x1d010443, 0x19c10443};  // cpyfp, cpyp, setp of [x3], x2 bytes
  for (const std::uint32_t word : copies) {
    for (const std::int64_t size : {0, 15, 16, 24, 25}) {
      SCOPED_TRACE(fmt::format("{:08x} {}", word, size));
      state_ = State::at_entry();
      state_.x[sp_number] = Value::cfa(-64);
      state_.set_slot(-48, entry_lr);
      state_.x[3] = Value::cfa(-64);
      state_.x[2] = size == 25 ? Value{} : Value::constant(size);
      run({word});
      EXPECT_EQ(state_.slot(-48) == entry_lr, size <= 16 || size == 25);
    }
  }
}

TEST_F(Transfer, M7_TakesTheReturnAddressFromTheShadowCallStack) {
  run({0xf800865e});  // str x30, [x18], #8
  EXPECT_EQ(state_.x[platform_number].number, 8);
  run({0x94000000, 0xf85f8e5e});  // bl; ldr x30, [x18, #-8]!
  EXPECT_EQ(state_.x[lr_number], entry_lr);
  EXPECT_EQ(state_.x[platform_number].number, 0);
  // What the caller has pushed is not this function's return address.
  run({0x94000000, 0xf85f8e5e});
  EXPECT_FALSE(state_.x[lr_number].is(Kind::entry_lr));
}

TEST_F(Transfer, M7_KnowsNoShadowCallStackWhereNothingWasPushed) {
  run({0x94000000, 0xf9400240});  // bl; ldr x0, [x18]
  EXPECT_FALSE(state_.x[platform_number].is(Kind::shadow_top));
  EXPECT_FALSE(state_.x[0].is(Kind::entry_lr));
}

TEST_F(Transfer, ReadsSlotsInWholeOnly) {
  run({0xf81f0ffe});  // str x30, [sp, #-16]!
  run({0xb94003e0});  // ldr w0, [sp]
  EXPECT_FALSE(state_.x[0].is(Kind::entry_lr));
  run({0xf84043e0});  // ldur x0, [sp, #4]
  EXPECT_FALSE(state_.x[0].is(Kind::entry_lr));
  run({0xf94003e0});  // ldr x0, [sp]
  EXPECT_EQ(state_.x[0], entry_lr);
  run({0xfd4003e0, 0xaa0003e1});  // ldr d0, [sp]; mov x1, x0
  EXPECT_EQ(state_.x[1], entry_lr);
}

// Hazard X10.
TEST_F(Transfer, ForgetsWhatIsStoredBelowSp) {
  run({0xf81f83fe, 0xa93e7bfd});  // stur x30, [sp, #-8]; stp x29, x30, [sp, #-32]
  EXPECT_TRUE(state_.slots.empty());
  run({0xd10083ff, 0xf90007fe, 0x910083ff});  // sub sp, sp, #32; str x30, [sp, #8]; add sp, sp, #32
  EXPECT_TRUE(state_.slots.empty());
}

TEST_F(Transfer, MovesThePointerOfAnAccess) {
  run({0xd10103ff, 0x910003e9});  // sub sp, sp, #64; mov x9, sp
  run({0xf801053e});              // str x30, [x9], #16
  EXPECT_EQ(state_.slot(-64), entry_lr);
  EXPECT_EQ(state_.x[9], Value::cfa(-48));
  run({0xf8008d3d});  // str x29, [x9, #8]!
  EXPECT_EQ(state_.slot(-40), entry_fp);
  EXPECT_EQ(state_.x[9], Value::cfa(-40));
  run({0xf85f0520});  // ldr x0, [x9], #-16
  EXPECT_EQ(state_.x[0], entry_fp);
  EXPECT_EQ(state_.x[9], Value::cfa(-56));
  run({0xd2800101, 0xf8616922});  // mov x1, #8; ldr x2, [x9, x1]
  EXPECT_FALSE(state_.x[2].is_worth_keeping());
  run({0xd2800201, 0xf8616922});  // mov x1, #16; ldr x2, [x9, x1]
  EXPECT_EQ(state_.x[2], entry_fp);
}

TEST_F(Transfer, MakesSpUnknownWhereItIsAnotherRegister) {
  run({0xd50041bf});  // msr spsel, #1
  EXPECT_EQ(state_.sp(), Value{});
}

TEST_F(Transfer, BoundsAnIndexByAComparison) {
  const struct {
    std::uint32_t condition;
    bool is_taken;
    std::int64_t bound;  // -1: none
  } cases[] = {
      {8, false, 5}, {8, true, -1},   // HI
      {9, true, 5},  {9, false, -1},  // LS
      {2, false, 4}, {2, true, -1},   // HS
      {3, true, 4},  {3, false, -1},  // LO
      {0, true, -1}, {1, false, -1}, {10, false, -1}, {11, true, -1}, {12, false, -1}, {13, true, -1},
  };
  for (const auto& [condition, is_taken, bound] : cases) {
    SCOPED_TRACE(fmt::format("{} {}", condition, is_taken));
    state_ = State::at_entry();
    run({0xf100141f, 0xaa0003e1});  // cmp x0, #5; mov x1, x0
    branch(0x54000040 | condition, is_taken);
    EXPECT_EQ(state_.x[0] == bounded(bound), bound >= 0);
    EXPECT_EQ(state_.x[1] == bounded(bound), bound >= 0) << "a copy";
  }
}

TEST_F(Transfer, BoundsNothingByAComparisonThatIsNoMore) {
  const std::initializer_list<std::uint32_t> between[] = {
      {0xf1000442},  // subs x2, x2, #1
      {0xf9400020},  // ldr x0, [x1]
      {0xd51b4202},  // msr nzcv, x2
      {0x94000010},  // bl
      {0x91000400},  // add x0, x0, #1
  };
  for (const auto& words : between) {
    state_ = State::at_entry();
    run({0xf100141f});  // cmp x0, #5
    run(words);
    branch(0x54000048, false);  // b.hi
    EXPECT_FALSE(state_.x[0].is(Kind::bounded)) << fmt::format("{:08x}", *words.begin());
  }
}

// The value of one round of a loop is not the value of the next.
TEST_F(Transfer, TellsRoundsOfALoopApart) {
  const std::uint64_t loop = pc_;
  run({0xf9400020, 0xaa0003e2});  // ldr x0, [x1]; mov x2, x0
  pc_ = loop;
  run({0xf9400020, 0xf100141f});  // ldr x0, [x1]; cmp x0, #5
  branch(0x54000048, false);
  EXPECT_EQ(state_.x[0], bounded(5));
  EXPECT_FALSE(state_.x[2].is(Kind::bounded)) << "of the round before";
}

TEST_F(Transfer, KnowsOfAComparedWordNoMoreThanTheWord) {
  run({0x7100141f, 0x2a0003e1});  // cmp w0, #5; mov w1, w0
  branch(0x54000048, false);      // b.hi
  EXPECT_EQ(state_.x[0], (Value{.kind = Kind::bounded, .is_word = true, .number = 5}));
  EXPECT_EQ(state_.x[1], bounded(5));
  run({0x2a0003e2});  // mov w2, w0
  EXPECT_EQ(state_.x[2], bounded(5));

  state_ = State::at_entry();
  run({0x39400020, 0x7100141f});  // ldrb w0, [x1]; cmp w0, #5
  branch(0x54000048, false);
  EXPECT_EQ(state_.x[0], bounded(5)) << "the rest is zeros";
}

TEST_F(Transfer, KnowsSpWhereItIsEqual) {
  run({0xd14043e9, 0xd14007ff});  // sub x9, sp, #16, lsl #12; sub sp, sp, #1, lsl #12
  state_.join(State::at_entry());
  ASSERT_EQ(state_.sp(), at_most(0));
  state_.x[9] = Value::cfa(-65536);
  run({0xeb2963ff});  // cmp sp, x9
  State other = state_;
  branch(0x54000041, true);  // b.ne
  EXPECT_EQ(state_.sp(), at_most(0));
  branch(0x54000041, false);
  EXPECT_EQ(state_.sp(), Value::cfa(-65536));
  state_ = other;
  branch(0x54000040, true);  // b.eq
  EXPECT_EQ(state_.sp(), Value::cfa(-65536));
  state_ = other;
  run({0xd10043ff});  // sub sp, sp, #16
  branch(0x54000040, true);
  EXPECT_EQ(state_.sp(), at_most(-16)) << "it is another since";
}

TEST_F(Transfer, FindsATableAndItsAnchor) {
  state_.x[1] = Value::constant(0x5000);
  state_.x[2] = Value::constant(0x6000);
  state_.x[0] = bounded(7);
  run({0x78607823, 0x8b23a844});  // ldrh w3, [x1, x0, lsl #1]; add x4, x2, w3, sxth #2
  ASSERT_EQ(state_.x[4].kind, Kind::code_target);
  const JumpTable& table = tables_[state_.x[4].number];
  EXPECT_EQ(table.address, 0x5000U);
  EXPECT_EQ(table.entry_bytes, 2);
  EXPECT_TRUE(table.is_signed);
  EXPECT_EQ(table.last_index, 7);
  EXPECT_EQ(table.anchor, 0x6000U);
  EXPECT_EQ(table.shift, 2);

  run({0x78607823, 0x8b232044});  // ...; add x4, x2, w3, uxth
  EXPECT_FALSE(tables_[state_.x[4].number].is_signed);
  run({0x78607823, 0x8b230044});  // ...; add x4, x2, w3, uxtb: cuts an entry
  EXPECT_NE(state_.x[4].kind, Kind::code_target);
  run({0x78607823, 0x2a0303e3, 0x8b23a844});  // a copy of the word, which might have lost a sign
  EXPECT_NE(state_.x[4].kind, Kind::code_target);
  run({0x78606823});  // ldrh w3, [x1, x0]: not of entries of this size
  EXPECT_NE(state_.x[3].kind, Kind::table_entry);
}

}  // namespace
}  // namespace surefoot::tools
