// SPDX-License-Identifier: MIT
//
// What instructions do to sp. Each word stands beside its text, as an assembler encodes it.
#include "port_check/instructions.hpp"

#include <gtest/gtest.h>

namespace surefoot::detail {
namespace {

TEST(Instructions, ChangeSpByAConstant) {
  const struct {
    std::uint32_t word;
    const char* text;
    std::int64_t by;
  } cases[] = {
      {0xd105'03ff, "sub sp, sp, #0x140", -0x140},
      {0x9100'c3ff, "add sp, sp, #0x30", 0x30},
      {0xd140'07ff, "sub sp, sp, #1, lsl #12", -0x1000},
      {0xa9be'7bfd, "stp x29, x30, [sp, #-32]!", -32},
      {0xa8c2'7bfd, "ldp x29, x30, [sp], #32", 32},
      {0x6dbf'27e8, "stp d8, d9, [sp, #-16]!", -16},
      {0xacc1'07e0, "ldp q0, q1, [sp], #32", 32},
      {0x29bf'07e0, "stp w0, w1, [sp, #-8]!", -8},
      {0x68c1'07e0, "ldpsw x0, x1, [sp], #8", 8},
      {0x69bf'07e0, "stgp x0, x1, [sp, #-32]!", -32},
      {0xf81f'0ffe, "str x30, [sp, #-16]!", -16},
      {0xf841'07fe, "ldr x30, [sp], #16", 16},
      {0x3800'17e0, "strb w0, [sp], #1", 1},
      {0xa902'7bfd, "stp x29, x30, [sp, #32]", 0},
      {0xf900'0be0, "str x0, [sp, #16]", 0},
      {0xf841'0420, "ldr x0, [x1], #16", 0},
      {0xf100'43ff, "cmp sp, #16", 0},
      {0xb100'041f, "cmn x0, #1", 0},
      {0xb100'13e0, "adds x0, sp, #4", 0},
      {0xf240'1c1f, "tst x0, #0xff", 0},
      {0xf820'83e1, "swp x0, x1, [sp]", 0},
      {0x9100'03fd, "mov x29, sp", 0},
      {0xd503'201f, "nop", 0},
      {0xd503'233f, "paciasp", 0},
      {0xd503'23bf, "autiasp", 0},
      {0xd503'245f, "bti c", 0},
      {0xaa1e'03e9, "mov x9, x30", 0},
  };
  for (const auto& one : cases) {
    const SpChange change = find_sp_change(one.word);
    EXPECT_EQ(change.kind, SpChange::Kind::by_constant) << one.text;
    EXPECT_EQ(change.by, one.by) << one.text;
  }
}

TEST(Instructions, SetSpToWhatTheyDoNotTell) {
  const struct {
    std::uint32_t word;
    const char* text;
  } cases[] = {
      {0x9100'03bf, "mov sp, x29"},
      {0xd100'43bf, "sub sp, x29, #16"},
      {0x1100'43ff, "add wsp, wsp, #16"},
      {0xcb2c'63ff, "sub sp, sp, x12"},
      {0x927c'ed3f, "and sp, x9, #0xfffffffffffffff0"},
      {0x9181'03ff, "addg sp, sp, #16, #0"},
      {0x9adf'13ff, "irg sp, sp"},
      {0xd920'17ff, "stg sp, [sp], #16"},
      {0xf820'1fe0, "ldraa x0, [sp, #8]!"},
      {0x4c9f'73e0, "st1 {v0.16b}, [sp], #16"},
      {0x043f'503f, "addvl sp, sp, #1"},
  };
  for (const auto& one : cases) EXPECT_EQ(find_sp_change(one.word).kind, SpChange::Kind::unknown) << one.text;
}

TEST(Instructions, SayNothingOfWhatNeedNotFollow) {
  const struct {
    std::uint32_t word;
    const char* text;
  } cases[] = {
      {0x9400'0000, "bl"},    {0x1400'0000, "b"},    {0xd65f'03c0, "ret"},
      {0xd61f'0100, "br x8"}, {0xd420'0000, "brk"},  {0xd500'40bf, "msr spsel, #0"},
      {0x0000'0000, "udf"},   {0x5400'0040, "b.eq"}, {0xd63f'0100, "blr x8"},
  };
  for (const auto& one : cases) EXPECT_EQ(find_sp_change(one.word).kind, SpChange::Kind::no_fact) << one.text;
}

TEST(Instructions, AreCalls) {
  for (const std::uint32_t call : {0x9400'0000U, 0xd63f'0100U, 0xd63f'091fU, 0xd73f'0909U}) EXPECT_TRUE(is_call(call));
  for (const std::uint32_t other : {0x1400'0000U, 0xd61f'0100U, 0xd65f'03c0U, 0xd71f'0909U, 0xd503'201fU}) {
    EXPECT_FALSE(is_call(other)) << std::hex << other;
  }
}

TEST(Instructions, LeadToATarget) {
  EXPECT_EQ(target_of(0x1400'0002, 0x1000), 0x1008U);
  EXPECT_EQ(target_of(0x17ff'fffe, 0x1008), 0x1000U);
  EXPECT_EQ(target_of(0x15ff'ffff, 0x1000), 0x1000U + 0x07ff'fffc);
  EXPECT_EQ(target_of(0x1600'0000, 0x1000), std::uint64_t{0x1000} - 0x0800'0000);
  EXPECT_TRUE(is_b(0x1600'0000) && !is_b(0x9400'0000) && !is_b(0x5400'0000));
}

TEST(Instructions, SignReturnAddresses) {
  for (const std::uint32_t word :
       {0xd503'231fU, 0xd503'233fU, 0xd503'235fU, 0xd503'237fU, 0xdac1'03feU, 0xdac1'07feU}) {
    EXPECT_TRUE(signs_return_address(word)) << std::hex << word;
  }
  for (const std::uint32_t word : {0xd503'23bfU, 0xd503'201fU, 0xdac1'23e0U, 0xd503'245fU, 0xd503'211fU}) {
    EXPECT_FALSE(signs_return_address(word)) << std::hex << word;
  }
}

TEST(Instructions, PointX29AboveSp) {
  EXPECT_EQ(fp_above_sp(0x9100'03fd), 0);
  EXPECT_EQ(fp_above_sp(0x9100'83fd), 32);
  EXPECT_EQ(fp_above_sp(0x9140'07fd), 0x1000);
  for (const std::uint32_t word : {0x9100'03bfU, 0xd100'83fdU, 0x1100'83fdU, 0x9100'83fcU}) {
    EXPECT_EQ(fp_above_sp(word), -1) << std::hex << word;
  }
}

}  // namespace
}  // namespace surefoot::detail
